"""Rows of the ``rpt_*`` tables behind the page on the method: features, candidates, drift, settings, runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import pyarrow as pa

from tribu.report.arrow import read_row, read_rows


@dataclass(frozen=True, slots=True)
class Feature:
    """A row of ``rpt_features``: what a feature means, how distances see it, how far it has drifted."""

    feature: str
    feature_order: int
    feature_label_en: str
    feature_label_fr: str
    block: str
    unit: str
    transform: str
    block_weight: float
    formula_en: str
    formula_fr: str
    window_en: str
    window_fr: str
    unknown_en: str
    unknown_fr: str
    platforms: int
    compared_platforms: int
    population_stability_index: float | None
    drift_reading: str | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row of ``rpt_candidates``: one clustering that was tried, and which floors it passes."""

    candidate_id: str
    algorithm: str
    k: int
    setting: float | None
    fit_rows: int
    silhouette: float | None
    null_silhouette: float | None
    stability: float | None
    stability_reading: str | None
    fidelity: float | None
    smallest_share_ratio: float | None
    largest_share_ratio: float | None
    noise_share_ratio: float | None
    davies_bouldin: float | None
    calinski_harabasz: float | None
    bic: float | None
    prototypes: int | None
    min_fidelity_ratio: float | None
    passes_k: bool | None
    passes_shares: bool | None
    passes_noise: bool | None
    passes_fidelity: bool | None
    passes_stability: bool | None
    beats_null: bool | None
    passes_all: bool | None
    is_selected: bool


@dataclass(frozen=True, slots=True)
class ClusterDrift:
    """A row of ``rpt_cluster_drift``: the share of a cluster when its model was accepted, and now."""

    cluster_key: str
    cluster_name_en: str
    cluster_name_fr: str
    cluster_order: int
    accepted_share_ratio: float
    share_ratio: float
    share_change_ratio: float


@dataclass(frozen=True, slots=True)
class Method:
    """The one row of ``rpt_method``: the run, the versions and the settings that the page speaks of."""

    cluster_run_id: str | None
    model_id: str | None
    model_accepted_at: datetime | None
    previous_model_id: str | None
    is_refit: bool
    refit_reason: str
    random_seed: int | None
    features_count: int | None
    topics_count: int
    parameters_fingerprint: str | None
    input_fingerprint: str
    fit_tribu_version: str | None
    fit_dbt_version: str | None
    fit_duckdb_version: str | None
    fit_scikit_learn_version: str | None
    fit_python_version: str | None
    dbt_version: str
    engine_version: str
    post_window_days: int
    min_posts_for_rhythm: int
    feature_min_known_share_ratio: float
    fit_sample_rows: int
    silhouette_rows: int
    resamples: int
    resample_rows: int
    cluster_resamples: int
    null_draws: int
    k_min: int
    k_max: int
    min_cluster_share_ratio: float
    max_cluster_share_ratio: float
    max_noise_share_ratio: float
    min_stability: float
    null_margin: float
    silhouette_tolerance: float
    max_population_stability_index: float


@dataclass(frozen=True, slots=True)
class Setting:
    """A row of ``rpt_settings``: a setting that decides which clusters there are, as JSON."""

    setting: str
    setting_order: int
    setting_value: str
    decides_fit: bool


@dataclass(frozen=True, slots=True)
class Run:
    """A row of ``rpt_runs``: a run of which the memberships are kept."""

    cluster_run_id: str
    run_order: int
    built_at: datetime
    model_id: str
    model_accepted_at: datetime
    algorithm: str
    stability: float | None
    clusters: int
    influencers: int
    noise_influencers: int
    moved_influencers: int
    is_current: bool


METHOD_TABLES: Final[Mapping[str, type]] = {
    "rpt_features": Feature,
    "rpt_candidates": Candidate,
    "rpt_cluster_drift": ClusterDrift,
    "rpt_method": Method,
    "rpt_settings": Setting,
    "rpt_runs": Run,
}
"""The tables behind the page on the method, with the class of their rows."""


@dataclass(frozen=True)
class MethodData:
    """What the page on the method shows, each list in the order of the page."""

    features: tuple[Feature, ...]
    candidates: tuple[Candidate, ...]
    cluster_drift: tuple[ClusterDrift, ...]
    facts: Method
    settings: tuple[Setting, ...]
    runs: tuple[Run, ...]


def read_method_data(tables: Mapping[str, pa.Table]) -> MethodData:
    """Read and order the tables behind the page on the method.

    Raises
    ------
    ModelInputError
        When a table or a column is missing, a column has another type, a value that must be known is null, or
        ``rpt_method`` has not exactly one row.
    """
    return MethodData(
        features=tuple(
            sorted(read_rows(tables, "rpt_features", Feature), key=lambda row: (row.feature_order, row.feature))
        ),
        candidates=tuple(
            sorted(
                read_rows(tables, "rpt_candidates", Candidate),
                key=lambda row: (row.algorithm, row.k, row.setting or 0.0, row.candidate_id),
            )
        ),
        cluster_drift=tuple(
            sorted(
                read_rows(tables, "rpt_cluster_drift", ClusterDrift),
                key=lambda row: (row.cluster_order, row.cluster_key),
            )
        ),
        facts=read_row(tables, "rpt_method", Method),
        settings=tuple(
            sorted(read_rows(tables, "rpt_settings", Setting), key=lambda row: (row.setting_order, row.setting))
        ),
        runs=tuple(sorted(read_rows(tables, "rpt_runs", Run), key=lambda row: (row.run_order, row.cluster_run_id))),
    )
