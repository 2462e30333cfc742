"""Who may know whom, read off dbt's manifest. Each rule is a sentence of the architecture."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import ROOT, run_dbt

pytestmark = pytest.mark.layering

LAYERS = ["staging", "accepted", "intermediate", "reference", "features", "clustering", "marts", "reporting"]
# Python models stand in one folder of their own; the schema says which layer they belong to.
AUDIT = "audit"
LANDING_READERS = {
    "stg_accounts_parsed",
    "stg_collection_runs",
    "stg_collections",
    "stg_forgotten",
    "stg_imports",
    "stg_posts_parsed",
    "stg_rejects",
}


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("layering")
    parsed = run_dbt(folder, "parse")
    assert parsed.exit_code == 0, parsed.log
    loaded: dict[str, Any] = json.loads((folder / "target" / "manifest.json").read_text(encoding="utf-8"))
    return loaded


def models(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: node for name, node in manifest["nodes"].items() if node["resource_type"] == "model"}


def layer(node: dict[str, Any]) -> str:
    return str(node["config"]["schema"])


def test_only_staging_reads_sources(manifest: dict[str, Any]) -> None:
    readers = {
        node["name"]
        for node in models(manifest).values()
        if any(parent.startswith("source.") for parent in node["depends_on"]["nodes"])
    }
    assert readers == LANDING_READERS
    assert all(layer(node) == "staging" for node in models(manifest).values() if node["name"] in readers)


def test_landing_is_read_through_its_sources_only(manifest: dict[str, Any]) -> None:
    readers = {
        node["name"]
        for node in models(manifest).values()
        if "landing_table" in node["raw_code"] or "read_parquet" in node["raw_code"]
    }
    assert readers == LANDING_READERS


def test_no_layer_reads_a_later_one(manifest: dict[str, Any]) -> None:
    nodes = models(manifest)
    backwards = [
        f"{nodes[parent]['name']} ({layer(nodes[parent])}) is read by {node['name']} ({layer(node)})"
        for node in nodes.values()
        for parent in node["depends_on"]["nodes"]
        if parent in nodes
        and AUDIT not in {layer(node), layer(nodes[parent])}
        and LAYERS.index(layer(nodes[parent])) > LAYERS.index(layer(node))
    ]
    assert backwards == []


def test_marts_do_not_read_staging(manifest: dict[str, Any]) -> None:
    nodes = models(manifest)
    shortcuts = [
        f"{node['name']} reads {nodes[parent]['name']}"
        for node in nodes.values()
        if layer(node) == "marts"
        for parent in node["depends_on"]["nodes"]
        if parent in nodes and layer(nodes[parent]) == "staging"
    ]
    assert shortcuts == []


def test_the_site_reads_reporting_tables_only(manifest: dict[str, Any]) -> None:
    nodes = models(manifest)
    (site,) = [node for node in nodes.values() if node["name"] == "report_site"]
    parents = [nodes[parent]["name"] for parent in site["depends_on"]["nodes"]]
    assert parents
    assert all(parent.startswith("rpt_") for parent in parents)


def notebook_code() -> str:
    notebook = json.loads((ROOT / "reports" / "notebooks" / "explore.ipynb").read_text(encoding="utf-8"))
    return "\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code")


def test_exposures_name_what_their_queries_read(manifest: dict[str, Any]) -> None:
    from tribu.export.evidence.reading import QUERIES

    relations = {f"{node['schema']}.{node['name']}": key for key, node in manifest["nodes"].items() if "schema" in node}
    exposures = {node["name"]: set(node["depends_on"]["nodes"]) for node in manifest["exposures"].values()}
    for name, text in (("evidence_export", "\n".join(QUERIES.values())), ("notebook", notebook_code())):
        read = {
            relations[relation] for relation in re.findall(r"(?:from|join) (\w+\.\w+)", text) if relation in relations
        }
        assert read
        assert exposures[name] == read, f"the exposure {name} and its queries"


def test_exposures_of_marts_and_questions_name_all_that_they_read(manifest: dict[str, Any]) -> None:
    exposures = {node["name"]: set(node["depends_on"]["nodes"]) for node in manifest["exposures"].values()}
    marts = {key for key, node in models(manifest).items() if layer(node) == "marts"}
    assert exposures["parquet_and_csv_export"] == marts
    questions = [node for node in manifest["nodes"].values() if node["resource_type"] == "analysis"]
    assert exposures["worked_questions"] == {parent for node in questions for parent in node["depends_on"]["nodes"]}


def test_every_column_of_a_mart_is_described(manifest: dict[str, Any]) -> None:
    said = {
        f"{node['name']}.{name}": column["description"].strip()
        for node in models(manifest).values()
        if layer(node) == "marts"
        for name, column in node["columns"].items()
    }
    # shorter than this is the name once more, or a unit without its object
    assert {name: text for name, text in said.items() if len(text) < 12} == {}
    assert {name: text for name, text in said.items() if text.lower() == name.split(".")[1].replace("_", " ")} == {}


def test_evidence_reads_reports_marts_and_names_only() -> None:
    from tribu.export.evidence.reading import QUERIES

    schemas = {schema for query in QUERIES.values() for schema in re.findall(r"from (\w+)\.", query)}
    assert schemas == {"reporting", "marts", "reference"}


def test_marts_and_reporting_enforce_contracts(manifest: dict[str, Any]) -> None:
    loose = [
        node["name"]
        for node in models(manifest).values()
        if layer(node) in {"marts", "reporting"}
        and node["language"] == "sql"
        and not node["config"]["contract"]["enforced"]
    ]
    assert loose == []


def test_every_model_begins_with_its_grain(manifest: dict[str, Any]) -> None:
    for node in models(manifest).values():
        first = node["raw_code"].lstrip().splitlines()[0]
        expected = '"""Grain: one row per' if node["language"] == "python" else "-- Grain: one row"
        assert first.startswith(expected), f"{node['name']} begins with {first!r}"


def test_every_model_and_public_column_is_described(manifest: dict[str, Any]) -> None:
    bare = [
        node["name"]
        for node in models(manifest).values()
        if not node["description"] and node["config"]["materialized"] != "ephemeral"
    ]
    assert bare == []


def test_python_models_hold_no_logic() -> None:
    for path in sorted((ROOT / "python_models").glob("*.py")):
        lines = path.read_text(encoding="utf-8").splitlines()
        # A list of literal refs is as long as the tables are many, and the one thing that a model has to say itself.
        written = [line for line in lines if not re.fullmatch(r' {8}"(\w+)": dbt\.ref\("\1"\),', line)]
        assert len(written) <= 25, (
            f"{path.name} has {len(written)} lines beside its refs; its logic belongs in the library"
        )
        source = "\n".join(lines)
        assert source.count("def ") == 1, f"{path.name} defines more than model()"
        for word in ("\nfor ", "\nif ", " while ", "lambda"):
            assert word not in source, f"{path.name} holds logic: {word.strip()}"


def test_every_seed_and_folder_is_where_the_design_puts_it() -> None:
    for folder in ("dbt_project", "python_models", "reports", "seeds", "tests"):
        assert (ROOT / folder).is_dir()
    for file in ("profiles.yml", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md"):
        assert Path(ROOT / file).is_file()
