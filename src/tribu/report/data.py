"""The ``rpt_*`` tables as typed rows: the only door through which the report gets data.

Each dataclass is the contract of one table: its fields are the columns, ``| None`` marks those that may be
null. Columns that are not named here are ignored, so the warehouse may add some first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Final, Literal, TypeVar

import pyarrow as pa

from tribu.errors import ModelInputError
from tribu.report.arrow import read_row, read_rows
from tribu.report.briefs import BRIEF_TABLES, Briefs, read_briefs
from tribu.report.cluster_rows import ClusterEvent, DistributionBin, DownloadRow, Flow, RunSize
from tribu.report.method_data import METHOD_TABLES, MethodData, read_method_data
from tribu.report.overview_data import OVERVIEW_TABLES, OverviewRows, read_overview_rows
from tribu.report.people import PEOPLE_TABLES, People, read_people
from tribu.report.quality_data import QUALITY_TABLES, QualityData, read_quality_data
from tribu.report.signal_rows import SIGNAL_TABLES, Signals, read_signals
from tribu.report.sql_data import SQL_TABLES, SqlData, read_sql_data

DIMENSIONS: Final = ("platform", "tier", "category", "country", "audience_country")
"""Ways to break down a cluster, in the order of its page."""

METHODS: Final = ("pca", "umap", "tsne")
"""Methods of the map's pictures, in the order of its choices."""

UNKNOWN_VALUE: Final = "unknown"
"""Value of a dimension for those of whom it is not known; it stands last, whatever its share."""


@dataclass(frozen=True, slots=True)
class Overview:
    """The one row of ``rpt_overview``."""

    source_kind: str
    influencers: int
    clusters: int
    posts: int
    rows_landed: int
    rows_quarantined: int
    quarantined_share_ratio: float
    rows_rejected: int
    observed_from: date | None
    observed_to: date | None
    algorithm: str
    k: int
    selection_code: str | None
    selection_reason: str
    silhouette: float | None
    null_silhouette: float | None
    stability: float | None
    stability_reading: str | None
    fidelity: float | None
    structure_found: bool
    candidates_count: int
    passing_count: int
    noise_influencers: int
    fit_rows: int
    pca_1_variance_ratio: float | None
    pca_2_variance_ratio: float | None
    map_points: int
    cluster_run_id: str
    model_id: str | None
    model_accepted_at: datetime | None
    refit_reason: str
    has_run_before: bool
    moved_influencers: int
    arrived_influencers: int
    left_influencers: int
    new_clusters: int
    build_id: str
    built_at: datetime

    @property
    def is_sample(self) -> bool:
        """Whether the influencers are synthetic."""
        return self.source_kind == "sample"


@dataclass(frozen=True, slots=True)
class Platform:
    """A row of ``rpt_platforms``: one platform."""

    platform: str
    influencers: int
    posts: int
    share_ratio: float


@dataclass(frozen=True, slots=True)
class Source:
    """A row of ``rpt_sources``: one source and the table that it fed."""

    source: str
    table_name: str
    files: int
    rows_read: int
    rows_landed: int
    rows_duplicate: int
    rows_rejected: int
    rows_forgotten: int
    observed_from: date | None
    observed_to: date | None


@dataclass(frozen=True, slots=True)
class RowAccount:
    """A row of ``rpt_row_accounting``: what became of the rows of one landing table."""

    table_name: str
    rows_landed: int
    rows_used: int
    rows_superseded: int
    rows_quarantined: int


@dataclass(frozen=True, slots=True)
class QuarantineReason:
    """A row of ``rpt_quarantine_reasons``: one reason to set rows aside."""

    table_name: str
    reason: str
    rows: int


@dataclass(frozen=True, slots=True)
class ValueName:
    """A row of ``rpt_value_names``: what a tier or a category is called."""

    dimension: str
    value: str
    name_en: str
    name_fr: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """A row of ``rpt_clusters``: one cluster."""

    cluster_key: str
    cluster_name_en: str
    cluster_name_fr: str
    cluster_order: int
    influencers: int
    share_ratio: float
    rule_sql: str | None
    rule_influencers: int | None
    rule_members: int | None
    rule_precision_ratio: float | None
    rule_recall_ratio: float | None
    nearest_cluster_key: str | None
    nearest_cluster_share_ratio: float | None
    main_platform: str
    main_platform_share_ratio: float
    main_tier: str
    main_category: str | None
    followers_median: float | None
    er_followers_median: float | None
    posts_per_week_median: float | None
    confidence_median: float | None
    borderline_share_ratio: float
    is_noise: bool
    stability: float | None
    stability_reading: str | None


@dataclass(frozen=True, slots=True)
class Profile:
    """A row of ``rpt_cluster_profiles``: one feature within one cluster, beside everyone."""

    cluster_key: str
    feature: str
    feature_label_en: str
    feature_label_fr: str
    block: str
    feature_order: int
    unit: str
    cluster_median: float | None
    cluster_q1: float | None
    cluster_q3: float | None
    overall_median: float | None
    overall_q1: float | None
    overall_q3: float | None
    robust_z: float | None
    nearest_cluster_median: float | None
    robust_z_to_nearest: float | None
    nearest_cluster_known_share_ratio: float | None
    known_share_ratio: float


@dataclass(frozen=True, slots=True)
class Composition:
    """A row of ``rpt_cluster_composition``: the members of a cluster that share one value of a dimension."""

    cluster_key: str
    dimension: str
    value: str
    influencers: int
    share_ratio: float
    overall_share_ratio: float


@dataclass(frozen=True, slots=True)
class Term:
    """A row of ``rpt_cluster_terms``: a hashtag or word that the members of a cluster use."""

    cluster_key: str
    rank: int
    term: str
    influencers: int
    known_members: int
    share_ratio: float
    overall_share_ratio: float
    lift_ratio: float
    is_distinctive: bool


@dataclass(frozen=True, slots=True)
class Member:
    """A row of ``rpt_cluster_members``: an influencer in one of the lists of its cluster's page."""

    cluster_key: str
    role: str
    rank: int
    influencer_key: str
    platform: str
    handle: str | None
    display_name: str | None
    profile_url: str | None
    followers_count: int | None
    tier: str | None
    country: str | None
    category: str | None
    er_followers: float | None
    posts_per_week: float | None
    confidence: float | None
    runner_up_cluster_key: str | None


@dataclass(frozen=True, slots=True)
class MapPoint:
    """A row of ``rpt_map_points``: an influencer's place in each picture; ``None`` in one that was left out."""

    influencer_key: str
    platform: str
    handle: str | None
    display_name: str | None
    tier: str | None
    followers_count: int | None
    cluster_key: str
    confidence: float | None
    pca_1: float
    pca_2: float
    pca_3: float
    umap_2d_1: float | None
    umap_2d_2: float | None
    umap_3d_1: float | None
    umap_3d_2: float | None
    umap_3d_3: float | None
    tsne_2d_1: float | None
    tsne_2d_2: float | None
    tsne_3d_1: float | None
    tsne_3d_2: float | None
    tsne_3d_3: float | None


@dataclass(frozen=True, slots=True)
class MapPicture:
    """A row of ``rpt_pictures``: a picture that the map can show, and how far to believe it."""

    method: str
    dimensions: int
    points: int
    neighbours: int
    trustworthiness: float | None
    known_points: int | None
    displacement_ratio: float | None


TABLES: Final[Mapping[str, type]] = {
    "rpt_overview": Overview,
    "rpt_platforms": Platform,
    "rpt_sources": Source,
    "rpt_row_accounting": RowAccount,
    "rpt_quarantine_reasons": QuarantineReason,
    "rpt_value_names": ValueName,
    "rpt_clusters": Cluster,
    "rpt_cluster_profiles": Profile,
    "rpt_cluster_composition": Composition,
    "rpt_cluster_terms": Term,
    "rpt_cluster_members": Member,
    "rpt_map_points": MapPoint,
    "rpt_pictures": MapPicture,
    "rpt_feature_distributions": DistributionBin,
    "rpt_cluster_history": RunSize,
    "rpt_cluster_migrations": Flow,
    "rpt_cluster_events": ClusterEvent,
    "rpt_cluster_downloads": DownloadRow,
    **QUALITY_TABLES,
    **METHOD_TABLES,
    **OVERVIEW_TABLES,
    **PEOPLE_TABLES,
    **SIGNAL_TABLES,
    **BRIEF_TABLES,
    **SQL_TABLES,
}
"""The tables that the report reads, with the class of their rows."""

Role = Literal["typical", "borderline", "largest"]

FLOWS: Final = ("stayed", "came", "arrived", "went", "left")
"""Ways to be or no longer be a member since the run before, in the order of the page."""

ClusterRowT = TypeVar(
    "ClusterRowT",
    Profile, Composition, Term, Member, MapPoint, DistributionBin, RunSize, Flow, ClusterEvent, DownloadRow,
)  # fmt: skip


@dataclass(frozen=True)
class ReportData:
    """Everything that the site shows, each list in the order of the page."""

    overview: Overview
    platforms: tuple[Platform, ...]
    sources: tuple[Source, ...]
    row_accounts: tuple[RowAccount, ...]
    quarantine_reasons: tuple[QuarantineReason, ...]
    value_names: tuple[ValueName, ...]
    clusters: tuple[Cluster, ...]
    profiles: Mapping[str, tuple[Profile, ...]]
    composition: Mapping[str, tuple[Composition, ...]]
    terms: Mapping[str, tuple[Term, ...]]
    members: Mapping[str, tuple[Member, ...]]
    map_points: Mapping[str, tuple[MapPoint, ...]]
    pictures: tuple[MapPicture, ...]
    distributions: Mapping[str, tuple[DistributionBin, ...]]
    history: Mapping[str, tuple[RunSize, ...]]
    flows: Mapping[str, tuple[Flow, ...]]
    events: Mapping[str, tuple[ClusterEvent, ...]]
    downloads: Mapping[str, tuple[DownloadRow, ...]]
    quality: QualityData
    method: MethodData
    overview_rows: OverviewRows
    people: People
    signals: Signals
    briefs: Briefs
    sql: SqlData

    def members_in_role(self, cluster_key: str, role: Role) -> tuple[Member, ...]:
        """List the members of a cluster that were chosen for one of the lists, best rank first."""
        return tuple(member for member in self.members.get(cluster_key, ()) if member.role == role)


def read_report_data(tables: Mapping[str, pa.Table]) -> ReportData:
    """Read and order the ``rpt_*`` tables.

    The order of rows in ``tables`` does not matter: every list is sorted by its own columns, so that the same
    rows give the same pages.

    Raises
    ------
    ModelInputError
        When a table or a column is missing, a column has another type, a value that must be known is null, or
        rows speak of a cluster that ``rpt_clusters`` does not have.
    """
    clusters = sorted(read_rows(tables, "rpt_clusters", Cluster), key=lambda row: (row.cluster_order, row.cluster_key))
    keys = [cluster.cluster_key for cluster in clusters]
    if len(set(keys)) != len(keys):
        twice = sorted({key for key in keys if keys.count(key) > 1})
        raise ModelInputError(
            expected="one row per cluster_key in rpt_clusters",
            got=f"{', '.join(twice)} more than once",
            remedy="run `dbt build`; its tests name the model at fault",
        )
    dimension_order = {dimension: position for position, dimension in enumerate(DIMENSIONS)}
    method_order = {method: position for position, method in enumerate(METHODS)}
    profiles = sorted(
        read_rows(tables, "rpt_cluster_profiles", Profile), key=lambda row: (row.feature_order, row.feature)
    )
    composition = sorted(
        read_rows(tables, "rpt_cluster_composition", Composition),
        key=lambda row: (
            dimension_order.get(row.dimension, len(DIMENSIONS)),
            row.dimension,
            row.value == UNKNOWN_VALUE,
            -row.influencers,
            row.value,
        ),
    )
    terms = sorted(read_rows(tables, "rpt_cluster_terms", Term), key=lambda row: (row.rank, row.term))
    members = sorted(
        read_rows(tables, "rpt_cluster_members", Member),
        key=lambda row: (row.role, row.rank, row.influencer_key),
    )
    bins = sorted(
        read_rows(tables, "rpt_feature_distributions", DistributionBin), key=lambda row: (row.feature, row.bin)
    )
    history = sorted(read_rows(tables, "rpt_cluster_history", RunSize), key=lambda row: row.run_order)
    flow_order = {flow: position for position, flow in enumerate(FLOWS)}
    flows = sorted(
        read_rows(tables, "rpt_cluster_migrations", Flow),
        key=lambda row: (flow_order.get(row.flow, len(FLOWS)), -row.influencers, row.other_cluster_key or ""),
    )
    events = sorted(
        read_rows(tables, "rpt_cluster_events", ClusterEvent),
        key=lambda row: (row.accepted_at, row.event, -(row.share_ratio or 0.0), row.other_cluster_key or ""),
    )
    downloads = sorted(read_rows(tables, "rpt_cluster_downloads", DownloadRow), key=lambda row: row.rank)
    points = sorted(read_rows(tables, "rpt_map_points", MapPoint), key=lambda row: row.influencer_key)
    return ReportData(
        overview=read_row(tables, "rpt_overview", Overview),
        platforms=tuple(
            sorted(read_rows(tables, "rpt_platforms", Platform), key=lambda row: (-row.influencers, row.platform))
        ),
        sources=tuple(sorted(read_rows(tables, "rpt_sources", Source), key=lambda row: (row.source, row.table_name))),
        row_accounts=tuple(sorted(read_rows(tables, "rpt_row_accounting", RowAccount), key=lambda row: row.table_name)),
        quarantine_reasons=tuple(
            sorted(
                read_rows(tables, "rpt_quarantine_reasons", QuarantineReason),
                key=lambda row: (row.table_name, -row.rows, row.reason),
            )
        ),
        value_names=tuple(
            sorted(read_rows(tables, "rpt_value_names", ValueName), key=lambda row: (row.dimension, row.value))
        ),
        clusters=tuple(clusters),
        profiles=_by_cluster("rpt_cluster_profiles", profiles, keys),
        composition=_by_cluster("rpt_cluster_composition", composition, keys),
        terms=_by_cluster("rpt_cluster_terms", terms, keys),
        members=_by_cluster("rpt_cluster_members", members, keys),
        map_points=_by_cluster("rpt_map_points", points, keys),
        pictures=tuple(
            sorted(
                read_rows(tables, "rpt_pictures", MapPicture),
                key=lambda row: (method_order.get(row.method, len(METHODS)), row.method, row.dimensions),
            )
        ),
        distributions=_by_cluster("rpt_feature_distributions", bins, keys),
        history=_by_cluster("rpt_cluster_history", history, keys),
        flows=_by_cluster("rpt_cluster_migrations", flows, keys),
        events=_by_cluster("rpt_cluster_events", events, keys),
        downloads=_by_cluster("rpt_cluster_downloads", downloads, keys),
        quality=read_quality_data(tables),
        method=read_method_data(tables),
        overview_rows=read_overview_rows(tables, keys),
        people=read_people(tables),
        signals=read_signals(tables),
        briefs=read_briefs(tables),
        sql=read_sql_data(tables),
    )


def _by_cluster(table: str, rows: Iterable[ClusterRowT], known: Iterable[str]) -> dict[str, tuple[ClusterRowT, ...]]:
    ordered = sorted(rows, key=lambda row: row.cluster_key)  # stable: the order within a cluster stays
    grouped = {key: tuple(group) for key, group in groupby(ordered, key=lambda row: row.cluster_key)}
    strangers = sorted(set(grouped) - set(known))
    if strangers:
        raise ModelInputError(
            expected=f"every cluster_key of {table} in rpt_clusters",
            got=", ".join(strangers[:5]),
            remedy="run `dbt build` so that all tables come from one build",
        )
    return grouped
