"""The door through which the report gets data: what it accepts and what it refuses."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import fields
from decimal import Decimal

import pyarrow as pa
import pytest

from tribu.errors import ModelInputError
from tribu.report.data import TABLES, read_report_data

Tables = dict[str, pa.Table]
Change = Callable[..., Tables]
COLUMNS = [(name, field.name) for name, row_type in TABLES.items() for field in fields(row_type)]


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_missing_table_is_named(tables: Tables, name: str) -> None:
    del tables[name]
    with pytest.raises(ModelInputError, match=name) as caught:
        read_report_data(tables)
    assert caught.value.exit_code == 8
    assert "dbt build" in caught.value.remedy


@pytest.mark.parametrize(("name", "column"), COLUMNS)
def test_every_column_of_the_contract_is_asked_for(tables: Tables, name: str, column: str) -> None:
    with pytest.raises(ModelInputError, match=rf"\b{column}\b"):
        read_report_data({**tables, name: tables[name].drop_columns([column])})


def test_further_tables_and_columns_are_ignored(tables: Tables) -> None:
    table = tables["rpt_clusters"]
    wider = table.append_column("lifetime_value", pa.array([0.9] * len(table)))
    assert read_report_data({**tables, "rpt_clusters": wider, "rpt_next": wider}) == read_report_data(tables)


def test_a_column_of_another_type_is_refused(tables: Tables) -> None:
    table = tables["rpt_overview"]
    position = table.column_names.index("influencers")
    damaged = table.set_column(position, "influencers", pa.array(["many"]))
    with pytest.raises(ModelInputError, match=r"whole number in rpt_overview.influencers; got the type string"):
        read_report_data({**tables, "rpt_overview": damaged})


def test_null_where_it_must_be_known_is_refused(tables: Tables, change_cell: Change) -> None:
    with pytest.raises(ModelInputError, match=r"rpt_clusters.share_ratio; got nothing in 1 of 7 rows"):
        read_report_data(change_cell(tables, "rpt_clusters", "share_ratio", None, row=2))


def test_nan_counts_as_not_known(tables: Tables, change_cell: Change) -> None:
    data = read_report_data(change_cell(tables, "rpt_overview", "silhouette", math.nan))
    assert data.overview.silhouette is None
    with pytest.raises(ModelInputError, match=r"rpt_map_points.pca_1"):
        read_report_data(change_cell(tables, "rpt_map_points", "pca_1", math.inf))


def test_types_that_engines_use_for_the_same_thing_are_read(tables: Tables) -> None:
    overview = tables["rpt_overview"]
    influencers = overview.column("influencers")[0].as_py()
    for column, values in {
        "influencers": pa.array([Decimal(influencers)], pa.decimal128(38, 0)),
        "source_kind": pa.array(["sample"]).dictionary_encode(),
        "algorithm": pa.array(["kmeans"], pa.large_string()),
        "cluster_run_id": pa.array(["run-0001"], pa.string_view()),
        "silhouette": pa.array([None], pa.null()),
        "built_at": overview.column("built_at").cast(pa.timestamp("ns")),
    }.items():
        overview = overview.set_column(overview.column_names.index(column), column, values)
    data = read_report_data({**tables, "rpt_overview": overview})
    assert data.overview.influencers == influencers
    assert data.overview.is_sample
    assert data.overview.silhouette is None
    assert data.overview.built_at == tables["rpt_overview"].column("built_at")[0].as_py()


def test_text_that_is_not_utf8_does_not_stop_a_report(tables: Tables) -> None:
    members = tables["rpt_cluster_members"]
    handles = pa.array([b"caf\xe9"] * len(members), pa.binary()).view(pa.string())
    damaged = members.set_column(members.column_names.index("handle"), "handle", handles)
    data = read_report_data({**tables, "rpt_cluster_members": damaged})
    assert data.members["c01"][0].handle == "caf\ufffd"


def test_the_overview_has_one_row(tables: Tables) -> None:
    overview = tables["rpt_overview"]
    for damaged in (overview.slice(0, 0), pa.concat_tables([overview, overview])):
        with pytest.raises(ModelInputError, match="exactly one row"):
            read_report_data({**tables, "rpt_overview": damaged})


def test_a_cluster_stands_once(tables: Tables, change_cell: Change) -> None:
    with pytest.raises(ModelInputError, match="c01 more than once"):
        read_report_data(change_cell(tables, "rpt_clusters", "cluster_key", "c01", row=1))


@pytest.mark.parametrize(
    "name",
    [
        "rpt_cluster_profiles",
        "rpt_cluster_composition",
        "rpt_cluster_members",
        "rpt_map_points",
        "rpt_feature_distributions",
        "rpt_cluster_history",
        "rpt_cluster_migrations",
        "rpt_cluster_events",
        "rpt_cluster_downloads",
        "rpt_platform_tier_clusters",
        "rpt_opportunities",
        "rpt_influencers",
    ],
)
def test_rows_of_an_unknown_cluster_are_refused(tables: Tables, change_cell: Change, name: str) -> None:
    with pytest.raises(ModelInputError, match=f"{name} in rpt_clusters; got c99"):
        read_report_data(change_cell(tables, name, "cluster_key", "c99"))


def test_a_picture_that_was_left_out_has_no_places(build_tables: Callable[..., Tables]) -> None:
    data = read_report_data(build_tables(influencers=9, clusters=2, pictures=()))
    assert [(picture.method, picture.dimensions) for picture in data.pictures] == [("pca", 2), ("pca", 3)]
    assert {point.umap_2d_1 for group in data.map_points.values() for point in group} == {None}


def test_lists_come_in_the_order_of_the_page(tables: Tables) -> None:
    reversed_rows = {name: table.take(pa.array(range(len(table)), pa.int64())[::-1]) for name, table in tables.items()}
    data = read_report_data(reversed_rows)
    assert [cluster.cluster_order for cluster in data.clusters] == list(range(1, 8))
    largest = data.members_in_role("c01", "largest")
    assert [member.rank for member in largest] == list(range(1, len(largest) + 1))
    assert list(dict.fromkeys(picture.method for picture in data.pictures)) == ["pca", "umap", "tsne"]
    assert data == read_report_data(tables)
