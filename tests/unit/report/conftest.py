"""A factory of consistent ``rpt_*`` tables: nobody in them exists, and the handles say so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args, get_type_hints

import numpy as np
import pyarrow as pa
import pytest
from tests.unit.report.method_rows import method_rows, quality_rows
from tests.unit.report.overview_factory import add_overview_rows
from tests.unit.report.sql_rows import sql_rows

from tribu.report import render_site
from tribu.report.data import TABLES
from tribu.report.language import LANGUAGES, Language, read_language

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = ROOT / "reports" / "templates"
ASSETS = ROOT / "reports" / "assets"
LOCALE = ROOT / "reports" / "locale"

Tables = dict[str, pa.Table]

PLATFORMS = ("instagram", "youtube", "tiktok")
TIERS = ("nano", "micro", "mid", "macro", "mega")
TIER_BOUNDS = (10_000, 50_000, 500_000, 1_000_000)
CATEGORIES = ("beauty", "food", "gaming", "travel", "fitness", "music", "family", "tech", "pets", "news")
COUNTRIES = ("FR", "US", "BR", "DE", "IN", "GB")
NAMES = (
    ("Rising everyday voices", "Voix montantes du quotidien"),
    ("Steady community builders", "Bâtisseurs de communautés"),
    ("High-reach video channels", "Chaînes vidéo à forte portée"),
    ("Daily short-form posters", "Formats courts quotidiens"),
    ("Sponsored specialists", "Spécialistes du sponsoring"),
    ("Quiet large accounts", "Grands comptes discrets"),
    ("Occasional experts", "Experts occasionnels"),
)
# feature, label, French label, block, unit, typical value, spread (of the logarithm)
FEATURES = (
    ("followers_count", "Followers", "Abonnés", "size", "count", 24_000.0, 1.6),
    ("posts_count", "Posts published", "Publications", "size", "count", 640.0, 1.0),
    ("er_followers", "Engagement of followers", "Engagement des abonnés", "engagement", "ratio", 0.021, 0.7),
    ("er_views", "Engagement of viewers", "Engagement des vues", "engagement", "ratio", 0.048, 0.5),
    ("view_follower_ratio", "Views per follower", "Vues par abonné", "engagement", "ratio", 0.22, 0.8),
    ("comment_like_ratio", "Comments per like", "Commentaires par like", "engagement", "ratio", 0.018, 0.6),
    ("viral_post_ratio", "Viral posts", "Publications virales", "engagement", "ratio", 0.06, 0.6),
    ("posts_per_week", "Posts per week", "Publications par semaine", "rhythm", "per_week", 2.6, 0.7),
    ("active_week_ratio", "Active weeks", "Semaines actives", "rhythm", "ratio", 0.71, 0.2),
    ("days_since_last_post", "Days since last post", "Jours depuis la dernière", "rhythm", "days", 5.0, 0.9),
    ("sponsored_ratio", "Sponsored posts", "Publications sponsorisées", "commercial", "ratio", 0.08, 0.7),
    ("growth_30d_ratio", "Growth in 30 days", "Croissance sur 30 jours", "growth", "ratio", 0.011, 0.8),
)


def tier_of(followers: int) -> str:
    return TIERS[sum(followers >= bound for bound in TIER_BOUNDS)]


def reading_of(stability: float) -> str:
    return ("do_not_trust", "pattern", "stable", "highly_stable")[
        sum(stability >= bound for bound in (0.6, 0.75, 0.85))
    ]


def share_rows(values: list[str | None], overall: list[str | None]) -> list[tuple[str, int, float, float]]:
    values = [value or "unknown" for value in values]
    overall = [value or "unknown" for value in overall]
    known = sorted(set(values))
    return [
        (
            value,
            values.count(value),
            values.count(value) / len(values),
            overall.count(value) / len(overall),
        )
        for value in known
    ]


class _Sampler:
    """Draws influencers and adds them up, so that counts and medians of all tables agree."""

    def __init__(self, influencers: int, clusters: int, platforms: int, *, posts: bool, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.count = influencers
        self.k = clusters
        self.posts = posts
        weights = 1 / np.arange(1, clusters + 1) ** 0.5 if clusters else np.array([])
        self.cluster = (
            self.rng.choice(clusters, influencers, p=weights / weights.sum()) if influencers else np.array([], int)
        )
        self.offset = self.rng.normal(0, 1.3, (max(clusters, 1), len(FEATURES)))
        place = self.rng.normal(0, 2.4, (max(clusters, 1), 2))
        self.xy = place[self.cluster] + self.rng.normal(0, 0.75, (influencers, 2))
        self.z = self.offset[self.cluster] + self.rng.normal(0, 0.8, (influencers, len(FEATURES)))
        base = np.array([feature[5] for feature in FEATURES])
        spread = np.array([feature[6] for feature in FEATURES])
        self.values = base * np.exp(self.z * spread * 0.7)
        ratio = np.array([feature[4] == "ratio" for feature in FEATURES])
        self.values[:, ratio] = np.minimum(self.values[:, ratio], 0.97)
        self.platform = [PLATFORMS[i] for i in self.rng.integers(0, platforms, influencers)]
        self.category = [
            None if draw < 0.15 else CATEGORIES[int((draw + cluster * 0.13) % 1 * len(CATEGORIES))]
            for draw, cluster in zip(self.rng.random(influencers), self.cluster, strict=True)
        ]
        self.country = [
            None if draw < 0.3 else COUNTRIES[int(draw**1.7 * len(COUNTRIES))] for draw in self.rng.random(influencers)
        ]
        self.followers = np.rint(self.values[:, 0]).astype(int)
        self.tier = [tier_of(int(value)) for value in self.followers]
        self.confidence = np.clip(self.rng.normal(0.35, 0.2, influencers), 0.0, 0.999)

    def known(self, feature: int) -> bool:
        return self.posts or feature < 2

    def median(self, rows: np.ndarray, feature: int) -> float | None:
        return float(np.median(self.values[rows, feature])) if self.known(feature) else None

    def bins(self, rows: np.ndarray, feature: int) -> list[dict[str, Any]]:
        low, high = np.quantile(np.log(self.values[:, feature]), [0.01, 0.99])
        edges = np.linspace(low, high, 25)

        def counts(chosen: np.ndarray) -> np.ndarray:
            return np.histogram(np.clip(np.log(self.values[chosen, feature]), low, high), edges)[0]

        mine, everyone = counts(rows), counts(np.arange(self.count))
        return [
            {
                "cluster_key": f"c{int(self.cluster[rows[0]]) + 1:02d}",
                "feature": FEATURES[feature][0],
                "bin": position + 1,
                "bin_from": float(np.exp(edges[position])),
                "bin_to": float(np.exp(edges[position + 1])),
                "influencers": int(mine[position]),
                "share_ratio": float(mine[position] / mine.sum()),
                "overall_share_ratio": float(everyone[position] / everyone.sum()),
            }
            for position in range(24)
        ]

    def member(self, index: int, role: str, rank: int) -> dict[str, Any]:
        cluster = int(self.cluster[index])
        other = (cluster + 1) % self.k
        return {
            "cluster_key": f"c{cluster + 1:02d}",
            "role": role,
            "rank": rank,
            "influencer_key": f"key_{index:05d}",
            "platform": self.platform[index],
            "handle": f"sample_{index:04d}",
            "display_name": None if index % 3 else f"Sample influencer {index}",
            "profile_url": f"https://example.org/{index}" if index % 4 else None,
            "followers_count": int(self.followers[index]),
            "tier": self.tier[index],
            "country": self.country[index],
            "category": self.category[index],
            "er_followers": float(self.values[index, 2]) if self.posts else None,
            "posts_per_week": float(self.values[index, 7]) if self.posts else None,
            "confidence": float(self.confidence[index]) if self.k > 1 else None,
            "runner_up_cluster_key": f"c{other + 1:02d}" if self.k > 1 else None,
        }


def migrations_of(key: str, size: int, clusters: int) -> list[dict[str, Any]]:
    """Of today's members three came, of different kinds, and of before two are gone; c99 has nobody any more."""
    other = "c02" if key == "c01" and clusters > 1 else "c01"
    flows = [
        ("stayed", None, size - 3),
        ("came", "c99", 2),
        ("arrived", None, 1),
        ("went", other, 1),
        ("left", None, 1),
    ]
    names = {"c99": ("Sample that was", "Modèle d’avant"), other: NAMES[int(other[1:]) - 1]}
    return [
        {
            "cluster_key": key,
            "flow": flow,
            "other_cluster_key": to,
            "other_cluster_name_en": names[to][0] if to else None,
            "other_cluster_name_fr": names[to][1] if to else None,
            "influencers": count,
            "share_ratio": count / (size - 1 if flow in {"went", "left"} else size),
        }
        for flow, to, count in flows
    ]


def events_of(key: str) -> list[dict[str, Any]]:
    first = {"cluster_key": key, "model_id": "model-0000", "accepted_at": datetime(2026, 9, 1, 8), "event": "born"}
    second = {**first, "model_id": "model-0001", "accepted_at": datetime(2026, 10, 3, 8, 12)}
    other = {
        "other_cluster_key": "c99",
        "other_cluster_name_en": "Sample that was",
        "other_cluster_name_fr": "Modèle d’avant",
    }
    return [
        first,
        {**second, "event": "kept", "jaccard": 0.83},
        {**second, **other, "event": "took_in", "share_ratio": 0.62},
    ]


ARROW_TYPES = {
    bool: pa.bool_(),
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    date: pa.date32(),
    datetime: pa.timestamp("us"),
}


def arrow_schema(row_type: type) -> pa.Schema:
    hints = get_type_hints(row_type)
    kinds = {name: get_args(hint)[0] if get_args(hint) else hint for name, hint in hints.items()}
    return pa.schema([pa.field(field.name, ARROW_TYPES[kinds[field.name]]) for field in fields(row_type)])


SCHEMAS: dict[str, pa.Schema] = {name: arrow_schema(row_type) for name, row_type in TABLES.items()}


def add_own_parts(
    rows: dict[str, list[dict[str, Any]]], draw: _Sampler, mine: np.ndarray, *, runs: int, downloads: int
) -> None:
    """Add what only the page of a cluster shows: spreads, history, movements, events, the rows of its file."""
    index = int(draw.cluster[mine[0]])
    key = f"c{index + 1:02d}"
    for feature in range(len(FEATURES)):
        rows["rpt_feature_distributions"] += draw.bins(mine, feature) if draw.known(feature) else []
    sizes = (max(len(mine) - 30, 0), len(mine) - 1, len(mine))[-runs:]
    rows["rpt_cluster_history"] += [
        {
            "cluster_key": key,
            "cluster_run_id": f"run-{run:04d}",
            "run_order": run,
            "built_at": datetime(2026, 8 + run, 1, 8, 0),
            "is_other_model": run == 2,
            "influencers": size,
            "share_ratio": size / draw.count,
        }
        for run, size in enumerate(sizes, start=1)
    ]
    rows["rpt_cluster_migrations"] += migrations_of(key, len(mine), draw.k) if runs > 1 else []
    rows["rpt_cluster_events"] += events_of(key)
    by_followers = sorted(mine, key=lambda i: (-draw.followers[i], i))
    kept = SCHEMAS["rpt_cluster_downloads"].names
    for rank, i in enumerate(by_followers[:downloads], start=1):
        member = {**draw.member(int(i), "download", rank), "cluster_name": NAMES[index % len(NAMES)][0]}
        rows["rpt_cluster_downloads"].append({name: member[name] for name in kept if name in member})


def make_tables(
    *,
    influencers: int = 300,
    clusters: int = 7,
    platforms: int = 3,
    posts: bool = True,
    source_kind: str = "sample",
    map_limit: int = 2_000,
    members: int = 25,
    pictures: tuple[str, ...] = ("umap", "tsne"),
    runs: int = 3,
    downloads: int = 2_000,
    seed: int = 7,
) -> Tables:
    """Build all ``rpt_*`` tables of one imaginary build.

    Parameters
    ----------
    influencers, clusters, platforms
        Sizes; ``clusters`` is 0 when there is no influencer.
    posts
        Whether posts were imported. Without them everything that rests on posts is null.
    map_limit, members
        Most points on the map, and most members in the list of the largest.
    pictures
        Pictures of the map beside the principal axes.
    runs
        Runs that the warehouse remembers, 1 to 3.
    downloads
        Most members in a cluster's file.
    """
    clusters = clusters if influencers else 0
    draw = _Sampler(influencers, clusters, platforms, posts=posts, seed=seed)
    quarantined = 23
    landed = influencers + 40 + quarantined
    everyone = np.arange(influencers)
    shown = everyone[:map_limit]
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in SCHEMAS}
    rows["rpt_overview"].append(
        {
            "source_kind": source_kind,
            "influencers": influencers,
            "clusters": clusters,
            "posts": influencers * 25 if posts else 0,
            "rows_landed": landed,
            "rows_quarantined": quarantined,
            "quarantined_share_ratio": quarantined / landed,
            "rows_rejected": 4,
            "observed_from": date(2026, 9, 1) if influencers else None,
            "observed_to": date(2026, 11, 20) if influencers else None,
            "algorithm": "kmeans",
            "k": clusters,
            "selection_code": "most_stable" if clusters else "no_influencers",
            "selection_reason": (
                f"k = {clusters} has the highest silhouette (0.31) of the candidates from 3 to 12 whose "
                f"smallest"
                "cluster holds at least 2 % of the sample."
                if clusters
                else "No candidate was fitted: there is no influencer."
            ),
            "silhouette": 0.31 if clusters > 1 else None,
            "null_silhouette": 0.08 if clusters > 1 else None,
            "stability": 0.83 if clusters > 1 else None,
            "stability_reading": "stable" if clusters > 1 else None,
            "fidelity": 1.0 if clusters else None,
            "structure_found": clusters > 1,
            "candidates_count": 40 if clusters > 1 else 0,
            "passing_count": 12 if clusters > 1 else 0,
            "noise_influencers": 0,
            "fit_rows": influencers,
            "pca_1_variance_ratio": 0.31 if influencers else None,
            "pca_2_variance_ratio": 0.17 if influencers else None,
            "map_points": len(shown),
            "cluster_run_id": "run-0001",
            "model_id": "model-0001" if clusters else None,
            "model_accepted_at": datetime(2026, 10, 3, 8, 12) if clusters else None,
            "refit_reason": "no_drift" if clusters else "no_influencers",
            "has_run_before": bool(clusters),
            "moved_influencers": 12 if clusters else 0,
            "arrived_influencers": 3 if clusters else 0,
            "left_influencers": 1 if clusters else 0,
            "new_clusters": 0,
            "build_id": "build-0001",
            "built_at": datetime(2026, 11, 22, 16, 48, 31, 123456),
        }
    )
    for platform in sorted(set(draw.platform)):
        size = draw.platform.count(platform)
        rows["rpt_platforms"].append(
            {
                "platform": platform,
                "influencers": size,
                "posts": size * 25 if posts else 0,
                "share_ratio": size / influencers,
            }
        )
    rows["rpt_sources"].append(
        {
            "source": "sample",
            "table_name": "accounts",
            "files": 1,
            "rows_read": landed + 16,
            "rows_landed": landed,
            "rows_duplicate": 12,
            "rows_rejected": 4,
            "rows_forgotten": 0,
            "observed_from": date(2026, 9, 1) if influencers else None,
            "observed_to": date(2026, 11, 20) if influencers else None,
        }
    )
    rows["rpt_row_accounting"].append(
        {
            "table_name": "accounts",
            "rows_landed": landed,
            "rows_used": influencers,
            "rows_superseded": 40,
            "rows_quarantined": quarantined,
        }
    )
    for reason, count in (("count:negative", 14), ("key:missing", 6), ("count:impossible", 3)):
        rows["rpt_quarantine_reasons"].append({"table_name": "accounts", "reason": reason, "rows": count})
    names = [("tier", tier, f"Sample {tier}", f"{tier} modèle") for tier in TIERS]
    names += [("category", category, f"about {category}", f"sur {category}") for category in CATEGORIES]
    rows["rpt_value_names"] += [dict(zip(SCHEMAS["rpt_value_names"].names, name, strict=True)) for name in names]
    spread = draw.values.std(axis=0) if influencers else None
    for index in range(clusters):
        key = f"c{index + 1:02d}"
        mine = everyone[draw.cluster == index]
        platform_shares = share_rows([draw.platform[i] for i in mine], list(draw.platform))
        top_platform = max(platform_shares, key=lambda row: row[1])
        rows["rpt_clusters"].append(
            {
                "cluster_key": key,
                "cluster_name_en": NAMES[index % len(NAMES)][0],
                "cluster_name_fr": NAMES[index % len(NAMES)][1],
                "cluster_order": index + 1,
                "influencers": len(mine),
                "share_ratio": len(mine) / influencers,
                "rule_sql": f"(followers_count >= {1000 * index + 1000} or followers_count is null) and platform = 'youtube'",
                "rule_influencers": len(mine) + 12,
                "rule_members": len(mine) - 1,
                "rule_precision_ratio": (len(mine) - 1) / (len(mine) + 12),
                "rule_recall_ratio": (len(mine) - 1) / len(mine),
                "nearest_cluster_key": f"c{(index + 1) % clusters + 1:02d}" if clusters > 1 else None,
                "nearest_cluster_share_ratio": 0.62 if clusters > 1 else None,
                "main_platform": top_platform[0],
                "main_platform_share_ratio": top_platform[2],
                "main_tier": max(set(draw.tier), key=[draw.tier[i] for i in mine].count),
                "main_category": "beauty" if index % 2 else None,
                "followers_median": draw.median(mine, 0),
                "er_followers_median": draw.median(mine, 2),
                "posts_per_week_median": draw.median(mine, 7),
                "confidence_median": float(np.median(draw.confidence[mine])) if clusters > 1 else None,
                "borderline_share_ratio": float(np.mean(draw.confidence[mine] < 0.1)),
                "is_noise": False,
                "stability": 0.91 - index * 0.1 if clusters > 1 else None,
                "stability_reading": reading_of(0.91 - index * 0.1) if clusters > 1 else None,
            }
        )
        for position, (feature, label_en, label_fr, block, unit, _base, _spread) in enumerate(FEATURES):
            known = draw.known(position)
            z_scale = np.median(np.abs(draw.z[:, position] - np.median(draw.z[:, position]))) * 1.4826
            z = (np.median(draw.z[mine, position]) - np.median(draw.z[:, position])) / z_scale
            nearest = everyone[draw.cluster == (index + 1) % clusters]
            z_nearest = (np.median(draw.z[nearest, position]) - np.median(draw.z[:, position])) / z_scale
            quartiles = np.quantile(draw.values[mine, position], [0.25, 0.75])
            assert spread is not None
            rows["rpt_cluster_profiles"].append(
                {
                    "cluster_key": key,
                    "feature": feature,
                    "feature_label_en": label_en,
                    "feature_label_fr": label_fr,
                    "block": block,
                    "feature_order": position + 1,
                    "unit": unit,
                    "cluster_median": draw.median(mine, position),
                    "cluster_q1": float(quartiles[0]) if known else None,
                    "cluster_q3": float(quartiles[1]) if known else None,
                    "overall_median": draw.median(everyone, position),
                    "overall_q1": float(np.quantile(draw.values[:, position], 0.25)) if known else None,
                    "overall_q3": float(np.quantile(draw.values[:, position], 0.75)) if known else None,
                    "robust_z": float(z) if known and spread[position] > 0 else None,
                    "nearest_cluster_median": draw.median(nearest, position) if clusters > 1 else None,
                    "robust_z_to_nearest": float(z - z_nearest) if known and clusters > 1 else None,
                    "nearest_cluster_known_share_ratio": (0.94 if known else 0.0) if clusters > 1 else None,
                    "known_share_ratio": 1.0 if known and position < 2 else 0.94 if known else 0.0,
                }
            )
        add_own_parts(rows, draw, mine, runs=runs, downloads=downloads)
        for dimension, values in (
            ("platform", draw.platform),
            ("tier", draw.tier),
            ("category", draw.category),
            ("country", draw.country),
        ):
            for value, size, share, overall in share_rows([values[i] for i in mine], list(values)):
                rows["rpt_cluster_composition"].append(
                    {
                        "cluster_key": key,
                        "dimension": dimension,
                        "value": value,
                        "influencers": size,
                        "share_ratio": share,
                        "overall_share_ratio": overall,
                    }
                )
        if posts:
            rows["rpt_cluster_terms"] += [
                {
                    "cluster_key": key,
                    "rank": rank,
                    "term": f"#{CATEGORIES[index % len(CATEGORIES)]}{rank}",
                    "influencers": max(len(mine) // (rank + 1), 1),
                    "known_members": len(mine),
                    "share_ratio": max(len(mine) // (rank + 1), 1) / len(mine),
                    "overall_share_ratio": 0.3 / (rank + 1),
                    "lift_ratio": max(len(mine) // (rank + 1), 1) / len(mine) / (0.3 / (rank + 1)),
                    "is_distinctive": rank < 3,
                }
                for rank in range(1, 4)
            ]
        by_confidence = sorted(mine, key=lambda i: -draw.confidence[i])
        by_followers = sorted(mine, key=lambda i: (-draw.followers[i], i))
        lists = {
            "typical": by_confidence[:8],
            "borderline": by_confidence[::-1][:8],
            "largest": by_followers[:members],
        }
        for role, chosen in lists.items():
            rows["rpt_cluster_members"] += [draw.member(int(i), role, rank) for rank, i in enumerate(chosen, start=1)]
    for i in shown:
        member = draw.member(int(i), "typical", 1)
        kept = {name: member[name] for name in SCHEMAS["rpt_map_points"].names if name in member}
        x, y, z = float(draw.xy[i, 0]), float(draw.xy[i, 1]), float(draw.confidence[i])
        places = {"pca_1": x, "pca_2": y, "pca_3": z}
        for method in pictures:
            places |= {f"{method}_2d_1": -x, f"{method}_2d_2": y * 10}
            places |= {f"{method}_3d_1": z, f"{method}_3d_2": x, f"{method}_3d_3": y}
        rows["rpt_map_points"].append({**kept, **places})
    for method in ("pca", *pictures) if influencers else ():
        for dimensions in (2, 3):
            rows["rpt_pictures"].append(
                {
                    "method": method,
                    "dimensions": dimensions,
                    "points": len(shown),
                    "neighbours": 15,
                    "trustworthiness": {"pca": 0.84, "umap": 0.93, "tsne": 0.96}[method],
                    "known_points": None if method == "pca" else len(shown) - 2,
                    "displacement_ratio": None if method == "pca" else 0.085,
                }
            )
    add_overview_rows(rows, [draw.member(int(i), "typical", 1) for i in everyone])
    sizes = {platform: draw.platform.count(platform) for platform in sorted(set(draw.platform))}
    rows |= {
        **quality_rows(sizes, FEATURES, posts=posts),
        **method_rows(clusters, influencers, len(sizes), FEATURES, NAMES),
        **sql_rows(),
    }
    return {name: pa.Table.from_pylist(rows[name], schema=schema) for name, schema in SCHEMAS.items()}


def replace_cell(tables: Tables, name: str, column: str, value: object, row: int = 0) -> Tables:
    """Copy ``tables`` with one value replaced."""
    table = tables[name]
    values = table.column(column).to_pylist()
    values[row] = value
    position = table.column_names.index(column)
    changed = pa.array(values, type=table.schema.field(column).type)
    return {**tables, name: table.set_column(position, column, changed)}


@pytest.fixture
def build_tables() -> Callable[..., Tables]:
    """The factory itself, for builds of another size."""
    return make_tables


@pytest.fixture
def change_cell() -> Callable[..., Tables]:
    """Copy tables with one value replaced: ``change_cell(tables, name, column, value, row=0)``."""
    return replace_cell


@pytest.fixture
def tables() -> Tables:
    """A small build of seven clusters."""
    return make_tables()


@pytest.fixture
def templates() -> Path:
    """The project's own templates."""
    return TEMPLATES


@pytest.fixture
def assets() -> Path:
    """The project's own assets."""
    return ASSETS


@pytest.fixture
def render(tmp_path: Path) -> Callable[[Tables], Path]:
    """Render tables into a temporary folder and return that folder."""

    def run(tables: Tables) -> Path:
        return render_site(tables, templates=TEMPLATES, assets=ASSETS, out_dir=tmp_path / "site").parent

    return run


@pytest.fixture
def french() -> Language:
    """French, with the project's own catalogue."""
    return read_language(LOCALE, "fr")


@pytest.fixture
def render_both(tmp_path: Path) -> Callable[[Tables], Path]:
    """Render tables in every language into a temporary folder and return that folder."""

    def run(tables: Tables) -> Path:
        languages = [read_language(LOCALE, code) for code in LANGUAGES]
        out_dir = tmp_path / "site"
        return render_site(tables, templates=TEMPLATES, assets=ASSETS, out_dir=out_dir, languages=languages).parent

    return run
