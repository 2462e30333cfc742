"""Rows of the tables behind the pages on the data and on the method, for the factory of ``conftest``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

Rows = dict[str, list[dict[str, Any]]]

ALGORITHMS = ("kmeans", "bisecting_kmeans", "gaussian_mixture", "agglomerative")
GAP = 8
"""Every so many influencers a feature of posts is not known."""


def quality_rows(platforms: dict[str, int], features: Sequence[tuple[Any, ...]], *, posts: bool) -> Rows:
    """What is known of the influencers of each platform, and what was left out."""
    missing = [
        {
            "platform": platform,
            "feature": feature[0],
            "feature_order": order,
            "influencers": size,
            "known_influencers": known,
            "known_share_ratio": known / size,
            "is_compared": known > 0,
        }
        for order, feature in enumerate(features, start=1)
        for platform, size in platforms.items()
        for known in [size if order <= 2 else size - size // GAP if posts else 0]
    ]
    people = sum(platforms.values())
    measured = people - people // GAP if posts else 0
    cells = sum(row["influencers"] for row in missing)
    return {
        "rpt_missing_values": missing,
        "rpt_reject_reasons": [
            {"source": "sample", "reason": "cells:count", "records": 3},
            {"source": "sample", "reason": "quotation:open", "records": 1},
        ],
        "rpt_unread_values": [
            {"table_name": "accounts", "column_name": "followers", "problem": "not_a_number", "rows": 5}
        ],
        "rpt_identity": [
            {
                "renames_kept": 12,
                "renames_applied": 1,
                "renames_proposed": 4,
                "links_stated": 9,
                "links_applied": 6,
                "people": people - 3 if people else 0,
                "people_with_several_accounts": 3,
                "influencers_observed_again": people,
                "influencers_with_change": people,
                "influencers_with_growth": people,
                "counter_resets": 2,
                "counter_jumps": 1234,
            }
        ],
        "rpt_collection_runs": [
            {
                "run_id": f"2026110{2 + number}T101112131Z-abcdef",
                "platform": "youtube",
                "status": "incomplete" if number else "complete",
                "reason": "quota" if number else None,
                "started_on": date(2026, 11, 2 + number),
                "accounts_asked": 1_200,
                "accounts_settled": 1_200 - 300 * number,
                "accounts_unseen": 12,
                "accounts_missing": 300 * number,
                "accounts_short": 4,
                "posts_expected": 200_000,
                "posts_received": 199_000,
            }
            for number in (0, 1)
        ],
        "rpt_data_quality": [
            {
                "observations": people * 2,
                "observations_assumed_date": people // 5,
                "posts": people * 25 if posts else 0,
                "posts_without_date": 7 if posts else 0,
                "posts_without_disclosure": 11 if posts else 0,
                "influencers": people,
                "influencers_measured": measured,
                "influencers_stated": people // GAP if posts else 0,
                "influencers_without_engagement": people - measured - (people // GAP if posts else 0),
                "influencers_imputed": people // GAP if posts else people,
                "influencers_all_imputed": 0,
                "known_share_ratio": sum(row["known_influencers"] for row in missing) / cells if cells else 0.0,
            }
        ],
    }


def method_rows(
    clusters: int, people: int, platforms: int, features: Sequence[tuple[Any, ...]], names: Sequence[tuple[str, str]]
) -> Rows:
    """The features, the candidates, the drift, the settings and the runs of one imaginary build.

    The model is one that was kept, so that there is something to compare with; without clusters there is none.
    """
    fitted = clusters > 1
    shares = [1 / clusters] * clusters if clusters else []
    return {
        "rpt_features": [
            {
                "feature": feature[0],
                "feature_order": order,
                "feature_label_en": feature[1],
                "feature_label_fr": feature[2],
                "block": feature[3],
                "unit": feature[4],
                "transform": ("log1p", "log", "none")[order % 3],
                "block_weight": 1.0,
                "formula_en": f"Formula {order}.",
                "formula_fr": f"Formule {order} : exemple.",
                "window_en": "Posts of 90 days",
                "window_fr": "Publications de 90 jours",
                "unknown_en": "Nobody says.",
                "unknown_fr": "Personne ne le dit.",
                "platforms": platforms if people else 0,
                "compared_platforms": platforms if people else 0,
                "population_stability_index": order * 0.03 if clusters else None,
                "drift_reading": ("stable" if order < 4 else "shifting" if order < 9 else "shifted")
                if clusters
                else None,
            }
            for order, feature in enumerate(features, start=1)
        ],
        "rpt_candidates": [*_candidates(clusters, people)] if fitted else [_everybody(people)] if clusters else [],
        "rpt_cluster_drift": [
            {
                "cluster_key": f"c{number:02d}",
                "cluster_name_en": names[(number - 1) % len(names)][0],
                "cluster_name_fr": names[(number - 1) % len(names)][1],
                "cluster_order": number,
                "accepted_share_ratio": share,
                "share_ratio": share + (0.012 if number == 1 else 0.0),
                "share_change_ratio": 0.012 if number == 1 else 0.0,
            }
            for number, share in enumerate(shares, start=1)
        ],
        "rpt_method": [_method(bool(clusters), len(features))],
        "rpt_settings": [
            {"setting": "k_min", "setting_order": 1, "setting_value": "3", "decides_fit": True},
            {
                "setting": "algorithms",
                "setting_order": 2,
                "setting_value": '["kmeans", "hdbscan"]',
                "decides_fit": True,
            },
            {"setting": "refit", "setting_order": 3, "setting_value": '"auto"', "decides_fit": False},
        ],
        "rpt_runs": [
            {
                "cluster_run_id": f"run-000{2 - order}",
                "run_order": order,
                "built_at": datetime(2026, 11 - order, 22, 16, 48, 31),
                "model_id": "model-0001",
                "model_accepted_at": datetime(2026, 10, 3, 8, 12),
                "algorithm": "kmeans",
                "stability": 0.83 if fitted else None,
                "clusters": clusters,
                "influencers": people,
                "noise_influencers": 0,
                "moved_influencers": 12 if order == 1 else 0,
                "is_current": order == 1,
            }
            for order in ((1, 2) if clusters else ())
        ],
    }


def _everybody(people: int) -> dict[str, Any]:
    return {
        "candidate_id": "kmeans_01",
        "algorithm": "kmeans",
        "k": 1,
        "setting": None,
        "fit_rows": people,
        "silhouette": None,
        "null_silhouette": None,
        "stability": None,
        "stability_reading": None,
        "fidelity": 1.0,
        "smallest_share_ratio": 1.0,
        "largest_share_ratio": 1.0,
        "noise_share_ratio": 0.0,
        "davies_bouldin": None,
        "calinski_harabasz": None,
        "bic": None,
        "prototypes": 1,
        "min_fidelity_ratio": 1.0,
        "passes_k": False,
        "passes_shares": False,
        "passes_noise": True,
        "passes_fidelity": True,
        "passes_stability": False,
        "beats_null": False,
        "passes_all": False,
        "is_selected": people < 2,
    }


def _candidates(clusters: int, people: int) -> list[dict[str, Any]]:
    rows = [_everybody(people)]
    for place, algorithm in enumerate(ALGORITHMS):
        for k in range(3, 13):
            stable = algorithm != "agglomerative"
            rows.append(
                {
                    **_everybody(people),
                    "candidate_id": f"{algorithm}_{k:02d}",
                    "algorithm": algorithm,
                    "k": k,
                    "silhouette": 0.31 - 0.01 * abs(k - clusters) - 0.02 * place,
                    "null_silhouette": 0.12 - 0.004 * k,
                    "stability": 0.83 - 0.01 * place if stable else 0.41,
                    "stability_reading": "stable" if stable else "do_not_trust",
                    "smallest_share_ratio": 0.3 / k,
                    "largest_share_ratio": 1.5 / k,
                    "davies_bouldin": 1.2 + 0.05 * k,
                    "calinski_harabasz": 420.0 - 10 * k,
                    "bic": 9_000.5 - 100 * k if algorithm == "gaussian_mixture" else None,
                    "prototypes": k,
                    "passes_k": True,
                    "passes_shares": True,
                    "passes_stability": stable,
                    "beats_null": True,
                    "passes_all": stable,
                    "is_selected": algorithm == "kmeans" and k == max(clusters, 3),
                }
            )
    rows.append(
        {
            **_everybody(people),
            "candidate_id": "hdbscan_s0.03",
            "algorithm": "hdbscan",
            "k": 2,
            "setting": 0.03,
            "silhouette": -0.02,
            "noise_share_ratio": 0.58,
            "fidelity": 0.951,
            "min_fidelity_ratio": 0.95,
            "passes_noise": False,
        }
    )
    return rows


def _method(fitted: bool, features: int) -> dict[str, Any]:
    return {
        "cluster_run_id": "run-0001" if fitted else None,
        "model_id": "model-0001" if fitted else None,
        "model_accepted_at": datetime(2026, 10, 3, 8, 12) if fitted else None,
        "previous_model_id": "model-0001" if fitted else None,
        "is_refit": False,
        "refit_reason": "no_drift" if fitted else "no_influencers",
        "random_seed": 20260630 if fitted else None,
        "features_count": features if fitted else None,
        "topics_count": 0,
        "parameters_fingerprint": "9f" * 16 if fitted else None,
        "input_fingerprint": "3c" * 16,
        "fit_tribu_version": "0.1.0" if fitted else None,
        "fit_dbt_version": "1.11.12" if fitted else None,
        "fit_duckdb_version": "2.0.0" if fitted else None,
        "fit_scikit_learn_version": "1.9.1" if fitted else None,
        "fit_python_version": "3.11.7" if fitted else None,
        "dbt_version": "1.11.16",
        "engine_version": "v2.0.1",
        "post_window_days": 90,
        "min_posts_for_rhythm": 3,
        "feature_min_known_share_ratio": 0.1,
        "fit_sample_rows": 20_000,
        "silhouette_rows": 5_000,
        "resamples": 8,
        "resample_rows": 1_000,
        "cluster_resamples": 30,
        "null_draws": 2,
        "k_min": 3,
        "k_max": 12,
        "min_cluster_share_ratio": 0.01,
        "max_cluster_share_ratio": 0.8,
        "max_noise_share_ratio": 0.2,
        "min_stability": 0.6,
        "null_margin": 0.02,
        "silhouette_tolerance": 0.02,
        "max_population_stability_index": 0.25,
    }
