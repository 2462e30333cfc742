"""Every data test is made to fail once: a test that stays green on damaged data is no test.

The damage is derived from what each test claims, done to a copy of the warehouse, and dbt runs the tests over it.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.conftest import Build, run_dbt

# What breaks each of the tests that are a query of their own.
SINGULAR = {
    "every_landed_row_is_accounted_for": "update audit.row_accounting set rows_used = rows_used + 1",
    "every_reject_is_kept": (
        "delete from staging.stg_rejects where rowid = (select min(rowid) from staging.stg_rejects)"
    ),
    "every_influencer_has_one_cluster": "delete from clustering.ml_assignments where rowid = 3",
    "sample_is_bounded": (
        "insert into clustering.ml_sample select ml_sample.* from clustering.ml_sample cross join range(20)"
    ),
    "map_is_bounded": (
        "insert into clustering.picture_sample select picture_sample.* from clustering.picture_sample cross join range(20)"
    ),
    "every_cluster_is_on_the_map": (
        "delete from clustering.picture_sample where influencer_key in "
        "(select influencer_key from clustering.ml_assignments where cluster_key = 'c02')"
    ),
    "rules_give_their_figures": "update marts.dim_clusters set rule_sql = 'not (' || rule_sql || ')'",
    "lookalikes_are_the_nearest": "update marts.influencer_lookalikes set distance = distance * 1.1",
    "every_category_has_a_name": "delete from reference.category_names where category = 'beauty'",
    "every_feature_is_defined": "delete from reporting.rpt_features where rowid = 5",
    "a_cluster_is_renamed_once": (
        "insert into reference.cluster_name_overrides values ('c01', 'Sample A', null), ('c01', 'Sample B', null)"
    ),
    "distributions_add_up": "delete from reporting.rpt_feature_distributions where rowid = 5",
    "history_ends_with_today": "update reporting.rpt_cluster_history set influencers = influencers + 1",
    "flows_add_up_to_the_cluster": (
        "insert into reporting.rpt_cluster_migrations values ('c01', 'stayed', null, null, null, 7, 0.5)"
    ),
    "downloads_are_bounded": "delete from reporting.rpt_cluster_downloads where rank = 2",
    "linked_accounts_are_one_person": (
        "insert into reference.person_links by name select first.influencer_key, second.influencer_key as "
        "linked_influencer_key, true as is_applied from marts.person_accounts as first cross join "
        "marts.person_accounts as second where first.influencer_key < second.influencer_key limit 1"
    ),
    "people_have_all_accounts": "update marts.dim_people set accounts_count = accounts_count + 1",
    "a_handle_is_proposed_once": (
        "insert into audit.rename_review by name select 'x' as platform, 'sample' as old_name, "
        "'sample_' || range as new_name, 'proposed' as status from range(2)"
    ),
    "nothing_outlives_its_terms": (
        "update staging.stg_imports set source = 'youtube_api', landed_at = timestamp '2020-01-01', rows_landed = 1"
    ),
    "prototypes_give_the_assignments": "update marts.cluster_prototypes set centre = centre + prototype_id * 10",
}
# These read the data while dbt compiles them: what was compiled on whole data asks for whole data.
COMPILED_FROM_DATA = {"rules_give_their_figures"}
UNIQUE = {"unique", "unique_combination"}
WRONG = {"VARCHAR": "'damaged'", "BOOLEAN": "null"}


def damage_of(test: dict[str, Any], column_types: dict[tuple[str, str, str], str], manifest: dict[str, Any]) -> str:
    """SQL that breaks what one generic test claims."""
    node = manifest["nodes"][test["attached_node"]]
    schema, table = node["schema"], node["name"]
    relation = f"{schema}.{table}"
    name, arguments = test["test_metadata"]["name"], test["test_metadata"]["kwargs"]
    column = arguments.get("column_name")
    one_row = f"rowid = (select min(rowid) from {relation})"
    match name:
        case "not_null":
            # the second row: one test may want the first one wrong and another the same column null
            second_row = f"rowid = (select rowid from {relation} order by rowid limit 1 offset 1)"
            return f"update {relation} set {column} = null where {second_row}"
        case "unique" | "unique_combination":
            # the last row, for the others damage the first
            return f"insert into {relation} select * from {relation} where rowid = (select max(rowid) from {relation})"
        case "accepted_values" | "relationships":
            value = WRONG[column_types[schema, table, column]]
            return f"update {relation} set {column} = {value} where {one_row}"
        case "in_range":
            value = arguments["at_least"] - 1 if arguments.get("at_least") is not None else arguments["at_most"] + 1
            return f"update {relation} set {column} = {value} where {one_row}"
    raise AssertionError(f"no damage is known for tests of kind {name}")


@pytest.fixture(scope="module")
def manifest(sample_build: Build) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((sample_build.folder / "target" / "manifest.json").read_text(encoding="utf-8"))
    return loaded


def data_tests(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    return [node for node in manifest["nodes"].values() if node["resource_type"] == "test"]


def take_constraints_away(connection: duckdb.DuckDBPyConnection) -> None:
    """Constraints would stop the damage before a test could see it; a copy of a table has none."""
    for (table,) in connection.execute(
        "select table_schema || '.' || table_name from information_schema.tables where table_schema != 'main'"
    ).fetchall():
        connection.execute(f"create or replace table {table} as select * from {table}")


def types_of_columns(build: Build) -> dict[tuple[str, str, str], str]:
    rows = build.rows("select table_schema, table_name, column_name, data_type from information_schema.columns")
    return {(str(schema), str(table), str(column)): str(kind) for schema, table, column, kind in rows}


def failures_after(build: Build, folder: Path, damages: list[str]) -> set[str]:
    """Names of the data tests that fail once a copy of the warehouse is damaged."""
    shutil.copy(build.warehouse, folder / "warehouse.duckdb")
    with duckdb.connect(str(folder / "warehouse.duckdb")) as connection:
        take_constraints_away(connection)
        for damage in damages:
            connection.execute(damage)
    run_dbt(folder, "test", "--select", "test_type:data")
    results = json.loads((folder / "target" / "run_results.json").read_text(encoding="utf-8"))["results"]
    assert not [result for result in results if result["status"] == "error"], results
    return {result["unique_id"] for result in results if result["status"] in ("fail", "warn")}


def test_every_data_test_passes_on_whole_data_and_fails_on_damaged_data(
    sample_build: Build, manifest: dict[str, Any], tmp_path: Path
) -> None:
    column_types = types_of_columns(sample_build)
    tests = data_tests(manifest)
    assert len(tests) > 80
    damages = [
        damage_of(test, column_types, manifest) if test.get("test_metadata") else SINGULAR[test["name"]]
        for test in tests
    ]
    (whole := tmp_path / "whole").mkdir()
    (damaged := tmp_path / "damaged").mkdir()
    assert failures_after(sample_build, whole, []) == set()
    green = {test["unique_id"] for test in tests} - failures_after(sample_build, damaged, damages)
    assert green == set()


def test_each_fails_on_its_own_damage_and_on_nobody_elses(
    sample_build: Build, manifest: dict[str, Any], tmp_path: Path
) -> None:
    """One damage at a time, in a transaction that is taken back: its test fails, and those of other columns of the table do not."""
    column_types = types_of_columns(sample_build)
    tests = [test for test in data_tests(manifest) if test["name"] not in COMPILED_FROM_DATA]
    shutil.copy(sample_build.warehouse, tmp_path / "warehouse.duckdb")
    unmoved, drawn_in = [], []
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        take_constraints_away(connection)

        def fails(test: dict[str, Any]) -> bool:
            ((rows,),) = connection.execute(f"select count(*) from ({test['compiled_code']}) as found").fetchall()
            return int(rows) > 0

        assert not [test["name"] for test in tests if fails(test)], "whole data"
        for test in tests:
            generic = test.get("test_metadata")
            connection.begin()
            connection.execute(damage_of(test, column_types, manifest) if generic else SINGULAR[test["name"]])
            if not fails(test):
                unmoved.append(test["name"])
            drawn_in += [
                f"{other['name']} by {test['name']}"
                for other in tests
                if generic and apart(test, other) and fails(other)
            ]
            connection.rollback()
    assert not unmoved
    assert not drawn_in


def apart(test: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether the damage of one is none of the other's business: the same table, but another column; a row that is there twice is one of uniqueness."""
    if not other.get("test_metadata") or other["attached_node"] != test["attached_node"]:
        return False
    first, second = (one["test_metadata"] for one in (test, other))
    if first["name"] in UNIQUE or second["name"] in UNIQUE:
        return first["name"] not in UNIQUE or second["name"] not in UNIQUE
    return bool(first["kwargs"].get("column_name") != second["kwargs"].get("column_name"))


def test_what_is_compiled_from_data_fails_on_its_own_damage(
    sample_build: Build, manifest: dict[str, Any], tmp_path: Path
) -> None:
    found = failures_after(sample_build, tmp_path, [SINGULAR[name] for name in sorted(COMPILED_FROM_DATA)])
    assert {test["name"] for test in data_tests(manifest) if test["unique_id"] in found} == COMPILED_FROM_DATA
