"""The source columns that the pages of the metrics name: they exist, and the metric is made of their tables."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from tests.conftest import ROOT, Build

from tribu.metrics import MODEL, read_metrics


@pytest.fixture(scope="module")
def nodes(sample_build: Build) -> dict[str, dict[str, Any]]:
    manifest = json.loads((sample_build.folder / "target" / "manifest.json").read_text(encoding="utf-8"))
    return {node["name"]: node for node in manifest["nodes"].values() if node["resource_type"] == "model"}


def upstream(nodes: dict[str, dict[str, Any]], name: str) -> set[str]:
    """Every model that a model is made of."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for parent in nodes[waiting.pop()]["depends_on"]["nodes"]:
            model = parent.rsplit(".", 1)[-1]
            if model in nodes and model not in found:
                found.add(model)
                waiting.append(model)
    return found


def test_source_columns_exist_in_the_tables_they_are_said_to_come_from(
    sample_build: Build, nodes: dict[str, dict[str, Any]]
) -> None:
    built = {
        (str(table), str(column))
        for table, column in sample_build.rows("select table_name, column_name from information_schema.columns")
    }
    named = {
        (table, column)
        for metric in read_metrics(ROOT)
        for table, _, column in (source.partition(".") for source in metric.source_columns)
    }
    assert named
    assert named <= built
    assert named <= {(name, column) for name, node in nodes.items() for column in node["columns"]}


def test_metrics_are_made_of_the_tables_that_they_name(nodes: dict[str, dict[str, Any]]) -> None:
    tables = upstream(nodes, MODEL)
    for metric in read_metrics(ROOT):
        for table, _, column in (source.partition(".") for source in metric.source_columns):
            assert table in tables, f"{metric.name} is not made of {table}"
            unique_id = nodes[table]["unique_id"]
            readers = [nodes[name] for name in (MODEL, *tables) if unique_id in nodes[name]["depends_on"]["nodes"]]
            assert any(re.search(rf"\b{column}\b", node["raw_code"]) for node in readers), (
                f"{metric.name} does not read {column} of {table}"
            )


def test_every_metric_is_a_column_of_the_mart(sample_build: Build) -> None:
    columns = {
        name
        for (name,) in sample_build.rows(
            "select column_name from information_schema.columns where table_schema = 'marts' and table_name = 'dim_influencers'"
        )
    }
    assert {metric.name for metric in read_metrics(ROOT)} <= columns
