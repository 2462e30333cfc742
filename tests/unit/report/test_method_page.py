"""The page on the method: definitions, floors, candidates, drift, the run."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pytest

from tribu.errors import ModelInputError
from tribu.report.components import Table
from tribu.report.data import read_report_data
from tribu.report.language import ENGLISH, Language
from tribu.report.markers import assign_markers
from tribu.report.method_page import MethodPage, build_method_page

Tables = dict[str, pa.Table]
Build = Callable[..., Tables]
Change = Callable[..., Tables]


def page_of(tables: Tables, lang: Language = ENGLISH) -> MethodPage:
    data = read_report_data(tables)
    return build_method_page(data, assign_markers(data.clusters), lang)


def texts(table: Table | None) -> list[list[str]]:
    assert table is not None
    return [[cell.text for cell in row] for group in table.groups for row in group.rows]


def test_every_feature_is_defined_in_the_language_of_the_page(tables: Tables, french: Language) -> None:
    page = page_of(tables)
    assert [row[1] for row in texts(page.features)] == [f"Formula {n}." for n in range(1, 13)]
    assert page.features.groups[0].heading == "Size: weight of the block 1.00"
    first = page.features.groups[0].rows[0]
    assert (first[0].detail, first[1].detail, first[4].detail) == (
        "followers_count",
        "Posts of 90 days",
        "on 3 of 3 platforms",
    )
    in_french = page_of(tables, french)
    assert texts(in_french.features)[0][1] == "Formule 1\u202f: exemple.", "spaces of the seed become narrow ones"


def test_a_feature_without_weight_is_not_compared(tables: Tables, change_cell: Change) -> None:
    tables = change_cell(tables, "rpt_features", "block_weight", 0.0, row=11)
    page = page_of(tables)
    assert [row[4] for row in texts(page.features)].count("not compared") == 1
    assert {row.term: row.text for row in page.figures}["Features compared"] == "11"


def test_candidates_show_every_figure_and_what_they_fall_short_on(tables: Tables) -> None:
    rows = {row[0]: row[1:] for row in texts(page_of(tables).candidates)}
    assert len(rows) == 42
    assert rows["k-means, k = 7"] == [
        "7", "0.310", "0.092", "0.83", "100\u00a0%", "4.3\u00a0%", "21.4\u00a0%", "0\u00a0%", "1.55", "350", "–", "nothing",
    ]  # fmt: skip
    assert rows["Gaussian mixture, k = 3"][-2] == "8,700"
    assert rows["Ward's linkage, k = 5"][-1] == "stability"
    assert rows["HDBSCAN, setting 0.03"][-1] == "number of clusters, size of a cluster, too many outside"


def test_a_candidate_of_which_little_was_measured_says_so(tables: Tables, change_cell: Change) -> None:
    place = tables["rpt_candidates"].column("candidate_id").to_pylist().index("kmeans_05")
    for column, value in {"stability": None, "null_silhouette": None, "passes_all": False}.items():
        tables = change_cell(tables, "rpt_candidates", column, value, row=place)
    for column in ("passes_stability", "beats_null"):
        tables = change_cell(tables, "rpt_candidates", column, False, row=place)
    rows = {row[0]: row[1:] for row in texts(page_of(tables).candidates)}
    assert rows["k-means, k = 5"][-1] == "not measured"


def test_floors_are_those_in_force(tables: Tables, change_cell: Change) -> None:
    tables = change_cell(tables, "rpt_method", "min_cluster_share_ratio", 0.025)
    tables = change_cell(tables, "rpt_method", "k_max", 9)
    floors = {row.term: row.text for row in page_of(tables).floors}
    assert floors["Number of clusters"] == "3 to 9"
    assert floors["Size of every cluster"] == "2.5\u00a0% to 80\u00a0%"
    assert floors["Silhouette"] == "more than 0.02 above that of shuffled data"


def test_drift_is_ordered_and_read(tables: Tables) -> None:
    page = page_of(tables)
    drift = texts(page.feature_drift)
    assert drift[0] == ["Growth in 30 days", "0.360", "drifted"]
    assert [row[2] for row in drift] == ["drifted"] * 4 + ["to watch"] * 5 + ["no drift"] * 3
    clusters = texts(page.cluster_drift)
    assert clusters[0][1:] == ["14.3\u00a0%", "15.5\u00a0%", "+1.2"]
    assert clusters[1][3] == "0.0"


def test_a_first_run_has_nothing_to_compare_with(tables: Tables) -> None:
    features = tables["rpt_features"]
    for column in ("population_stability_index", "drift_reading"):
        place = features.column_names.index(column)
        features = features.set_column(place, column, pa.nulls(len(features), features.schema.field(column).type))
    tables |= {"rpt_features": features, "rpt_cluster_drift": tables["rpt_cluster_drift"].slice(0, 0)}
    page = page_of(tables)
    assert (page.feature_drift, page.cluster_drift) == (None, None)


def test_a_cluster_that_is_gone_is_listed_without_a_link(tables: Tables, change_cell: Change) -> None:
    tables = change_cell(tables, "rpt_cluster_drift", "cluster_key", "c09", row=6)
    table = page_of(tables).cluster_drift
    assert table is not None
    assert [row[0].href for row in table.groups[0].rows][5:] == ["clusters/c06.html", None]


def test_the_run_can_be_told_again(tables: Tables, change_cell: Change) -> None:
    page = page_of(tables)
    manifest = {row.term: row.text for row in page.manifest}
    assert manifest["Run"] == "run-0001"
    assert manifest["Seed of every random step"] == "20260630", "a name, not a quantity"
    assert (
        manifest["The model was fitted with"]
        == "Tribu 0.1.0, scikit-learn 1.9.1, DuckDB 2.0.0, dbt 1.11.12, Python 3.11.7"
    )
    assert manifest["This build ran on"] == "dbt 1.11.16, DuckDB 2.0.1"
    assert manifest["Why this model"] == "kept: no feature has drifted"
    assert "Model before it" not in manifest, "the model is kept"
    refitted = page_of(change_cell(tables, "rpt_method", "model_id", "model-0002"))
    assert {row.term: row.text for row in refitted.manifest}["Model before it"] == "model-0001"
    assert [row[0] for row in texts(page.runs)] == ["run-0001", "run-0000"]
    assert [row[1] for row in texts(page.settings)] == ["3", '["kmeans", "hdbscan"]', '"auto"']
    # a model whose file tells less
    for column in ("fit_tribu_version", "fit_scikit_learn_version", "fit_duckdb_version", "fit_dbt_version"):
        tables = change_cell(tables, "rpt_method", column, None)
    older = {row.term: row.text for row in page_of(tables).manifest}
    assert older["The model was fitted with"] == "Python 3.11.7"


@pytest.mark.parametrize(("topics", "said"), [(0, None), (1, "1 topic,"), (16, "16 topics,")])
def test_topics_are_spoken_of_where_they_are_compared(
    tables: Tables, change_cell: Change, topics: int, said: str | None
) -> None:
    page = page_of(change_cell(tables, "rpt_method", "topics_count", topics))
    assert (page.topics is None) if said is None else said in (page.topics or "")


def test_noise_has_no_stability_and_is_left_out(tables: Tables, change_cell: Change) -> None:
    tables = change_cell(tables, "rpt_clusters", "stability", None, row=6)
    assert len(texts(page_of(tables).cluster_stability)) == 6


def test_without_clusters_the_page_still_says_what_would_be_compared(build_tables: Build) -> None:
    page = page_of(build_tables(influencers=0))
    assert len(texts(page.features)) == 12
    assert (page.chart, page.candidates, page.cluster_stability, page.runs, page.pictures) == (None,) * 5
    assert page.limits == ()
    manifest = {row.term: row.text for row in page.manifest}
    assert (manifest["Run"], manifest["Why this model"]) == ("–", "no influencers to cluster")
    assert page.stability == "There was nothing to look for again: stability was not measured."


@pytest.mark.parametrize("name", ["rpt_method", "rpt_data_quality"])
def test_tables_of_one_row_have_one(tables: Tables, name: str) -> None:
    with pytest.raises(ModelInputError, match=f"exactly one row in {name}"):
        read_report_data({**tables, name: tables[name].slice(0, 0)})
