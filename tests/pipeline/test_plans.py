"""What keeps a build flat, without a clock: how often posts are read, what goes to Python, how statements are planned and what they hold."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.conftest import Build, run_dbt

#: Readings of each table with a row per post, in all models together. Each is a pass over what grows fastest: one more is a decision, and this is
#: where it is written down.
POST_SCANS = {"stg_posts_parsed": 2, "stg_posts": 3, "int_post_rows": 2, "int_posts": 6, "fct_posts": 4}
#: Models in which two tables of more than `SMALL` rows are compared row by row, and why that does not grow into everybody with everybody.
LOOPS: dict[str, str] = {}
#: Rows up to which one side of such a comparison is a table of settings, and not of people.
SMALL = 250
#: What all of DuckDB may hold at once, with nothing to spill to, in any statement over the sample.
MEMORY = "512MB"
#: Influencers that Python may be handed where the cap is set to it.
CAP = 300
LOOP_OPERATORS = {"NESTED_LOOP_JOIN", "BLOCKWISE_NL_JOIN", "CROSS_PRODUCT", "IE_JOIN", "PIECEWISE_MERGE_JOIN"}


@dataclass(frozen=True)
class Profile:
    """A model's statement, as DuckDB ran it over the finished sample."""

    model: str
    operators: list[dict[str, Any]]


def walk(nodes: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for node in nodes:
        yield node
        yield from walk(node.get("children", []))


def profiled(connection: duckdb.DuckDBPyConnection, model: str, sql: str) -> Profile:
    ((_, told),) = connection.execute(f"explain (analyze, format json) {sql}").fetchall()
    return Profile(model, list(walk(json.loads(told)["operator"])))


def loops(profile: Profile) -> list[tuple[int, int]]:
    """Rows on either side of what is compared row by row, the smaller first, where both are many."""
    sides = [
        sorted(child["intermediate_rows"] for child in operator["children"])
        for operator in profile.operators
        if operator["type"] in LOOP_OPERATORS
    ]
    return [(few, many) for few, many in sides if few > SMALL]


def models(build: Build) -> dict[str, dict[str, Any]]:
    nodes = json.loads((build.folder / "target" / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    return {key: node for key, node in nodes.items() if node["resource_type"] == "model"}


@pytest.fixture(scope="module")
def profiles(sample_build: Build) -> list[Profile]:
    """Every model in SQL run once more over the tables of the sample, with little memory and no place to spill to."""
    with duckdb.connect(
        str(sample_build.warehouse), read_only=True, config={"memory_limit": MEMORY, "threads": 2}
    ) as connection:
        connection.execute("set max_temp_directory_size = '0KB'")
        return [
            profiled(connection, node["name"], (sample_build.folder / compiled).read_text(encoding="utf-8"))
            for node in models(sample_build).values()
            if node["language"] == "sql"
            for compiled in [Path("target/compiled/tribu") / node["original_file_path"]]
        ]


def test_no_statement_over_the_sample_spills(profiles: list[Profile]) -> None:
    """That all of them ran is the point; a statement that needs more memory than there is fails."""
    assert len(profiles) > 100


def test_the_bound_of_memory_bites(sample_build: Build) -> None:
    with (
        duckdb.connect(str(sample_build.warehouse), read_only=True, config={"memory_limit": MEMORY}) as connection,
        pytest.raises(duckdb.OutOfMemoryException),
    ):
        connection.execute("set max_temp_directory_size = '0KB'")
        profiled(
            connection,
            "everything held",
            "select posts.*, place from marts.fct_posts as posts cross join range(100) as t (place) order by md5(post_id || place)",
        )


def test_posts_are_read_as_often_as_is_written_down(profiles: list[Profile], sample_build: Build) -> None:
    read: Counter[str] = Counter()
    for profile in profiles:
        for operator in profile.operators:
            table = str(operator.get("extra_info", {}).get("Table", "")).split(".")[-1]
            if table in POST_SCANS and operator.get("rows_scanned", 0) > 0:
                read[table] += 1
    assert {table: count for table, count in read.items() if count > POST_SCANS[table]} == {}
    # the tables are there under these names, or nothing was counted
    assert set(read) == set(POST_SCANS)


def test_nobody_is_compared_with_everybody(profiles: list[Profile]) -> None:
    found = {profile.model: loops(profile) for profile in profiles if loops(profile)}
    assert {model: sides for model, sides in found.items() if model not in LOOPS} == {}
    assert set(LOOPS) <= set(found), "a model that no longer loops needs no excuse"


def test_a_comparison_of_everybody_is_seen(sample_build: Build) -> None:
    with duckdb.connect(str(sample_build.warehouse), read_only=True) as connection:
        profile = profiled(
            connection,
            "everybody",
            """
            select count(*) from marts.dim_influencers as own inner join marts.dim_influencers as other
            on own.followers_count < other.followers_count or own.handle = other.display_name
            """,
        )
    ((few, many),) = loops(profile)
    assert few == many > 1000


def test_python_is_handed_no_more_than_the_cap(sample_build: Build, tmp_path: Path) -> None:
    """With a cap that the sample exceeds; every table of influencers that a model in Python reads."""
    by_key = models(sample_build)
    handed = {
        by_key[parent]["name"]: by_key[parent]
        for node in by_key.values()
        if node["language"] == "python" and node["name"] != "report_site"
        for parent in node["depends_on"]["nodes"]
        if parent in by_key and by_key[parent]["language"] == "sql"
    }
    shutil.copy(sample_build.warehouse, tmp_path / "warehouse.duckdb")
    shutil.copytree(sample_build.folder / "models", tmp_path / "models")
    settings = {"fit_sample_rows": CAP, "map_points": CAP, "map_points_per_cluster": 5}
    # what Python itself laid out in the build before is as many as that one's cap
    handed.pop("ml_projection_previous")
    done = run_dbt(tmp_path, "run", "--select", "ml_sample", *handed, "--vars", json.dumps(settings))
    assert done.exit_code == 0, done.log
    people = {}
    for name, node in sorted(handed.items()):
        table = f"{node['schema']}.{name}"
        columns = {column for (column, *_) in done.rows(f"describe {table}")}
        if "influencer_key" in columns:
            people[name] = done.value(f"select count(distinct influencer_key) from {table}")
        else:
            # what is not of influencers is of features, clusters or candidates
            rows = done.value(f"select count(*) from {table}")
            assert isinstance(rows, int)
            assert rows < 2500, name
    assert {"fit_sample", "rule_sample", "topic_sample", "picture_sample"} <= people.keys()
    assert max(people.values()) == CAP, people
