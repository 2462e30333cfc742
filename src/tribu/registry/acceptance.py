"""Acceptance: a fitted model whose tests have passed becomes a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import version
from platform import python_version
from typing import Any, Final

import pyarrow as pa

from tribu.project import find_places
from tribu.registry.files import FORMAT, Model, model_files, model_path, read_model, write_model
from tribu.registry.sections import SCALING_FIGURES, SECTIONS

_LIBRARIES: Final = ("tribu", "scikit-learn", "numpy", "duckdb", "dbt-core")
# What is told of them outside the file: the column, and the name in the file.
_VERSIONS_TOLD: Final = {
    "tribu_version": "tribu",
    "dbt_version": "dbt-core",
    "duckdb_version": "duckdb",
    "scikit_learn_version": "scikit-learn",
    "python_version": "python",
}

SCHEMA: Final = pa.schema(
    [
        pa.field("model_id", pa.string()),
        pa.field("file_name", pa.string()),
        pa.field("is_new", pa.bool_()),
        *(pa.field(name, pa.string()) for name in _VERSIONS_TOLD),
    ]
)
"""One row: the model in force, its file, whether this build has accepted it, and the versions that fitted it."""


def accept_model(tables: Mapping[str, pa.Table]) -> pa.Table:
    """Write the model in force to a file, unless it is there already.

    Parameters
    ----------
    tables
        ``ml_runs`` (one row, or none where there was nothing to cluster), ``ml_selection``, ``ml_candidates``,
        ``ftr_scaling``, ``ftr_reference``, ``ml_topic_loadings``, ``ftr_topic_scaling``, ``ml_prototypes``,
        ``ml_clusters``, ``ml_cluster_names``, ``ml_pca_axes``, ``ml_cluster_events`` and ``dim_clusters``.

    Returns
    -------
    pyarrow.Table
        Of `SCHEMA`; no row where there was nothing to cluster.

    Raises
    ------
    ModelFileError
        If the folder of accepted models cannot be written to.
    """
    runs = tables["ml_runs"].to_pylist()
    if not runs:
        return SCHEMA.empty_table()
    (run,) = runs
    folder = find_places().models
    known = model_files(folder, run["source_kind"])
    # A fit may give a model that was accepted before the last one: it is accepted again, and is then the last.
    is_new = bool(run["is_refit"]) and run["model_id"] != next(reversed(known), None)
    if is_new:
        moment = datetime.fromisoformat(run["accepted_at"].removesuffix("Z"))
        path = model_path(folder, source_kind=run["source_kind"], accepted_at=moment, model_id=run["model_id"])
        write_model(path, _as_file(run, tables))
    else:
        path = known[run["model_id"]]
    versions = read_model(path).get("versions", {})
    told = {name: versions.get(library) for name, library in _VERSIONS_TOLD.items()}
    row = {"model_id": run["model_id"], "file_name": path.name, "is_new": is_new, **told}
    return pa.Table.from_pylist([row], schema=SCHEMA)


def _as_file(run: Mapping[str, Any], tables: Mapping[str, pa.Table]) -> Model:
    """Lay a model out for people: what it is, what was asked, what was found, and then what scores."""
    (selection,) = tables["ml_selection"].to_pylist()
    parameters = json.loads(run["parameters"])
    shares = {row["cluster_key"]: row["share_ratio"] for row in tables["dim_clusters"].to_pylist()}
    names = {row["cluster_key"]: row for row in tables["ml_cluster_names"].to_pylist()}
    clusters = [
        {
            **cluster,
            # The generated name, not the one that a person gave: theirs may be taken back.
            "cluster_name_en": names[cluster["cluster_key"]]["generated_name_en"],
            "cluster_name_fr": names[cluster["cluster_key"]]["generated_name_fr"],
            "share_ratio": shares[cluster["cluster_key"]],
        }
        for cluster in _rows(tables["ml_clusters"], "cluster_key")
    ]
    return {
        "format": FORMAT,
        "model_id": run["model_id"],
        "accepted_at": run["accepted_at"],
        "source_kind": run["source_kind"],
        "input_fingerprint": run["input_fingerprint"],
        "parameters_fingerprint": run["parameters_fingerprint"],
        "parameters": parameters,
        "versions": {"python": python_version(), **{name: version(name) for name in _LIBRARIES}},
        "last_cluster_number": run["last_cluster_number"],
        "selection": selection,
        "clusters": [{name: cluster[name] for name in SECTIONS["clusters"].names} for cluster in clusters],
        "events": [
            {name: event[name] for name in SECTIONS["events"].names if name not in ("model_id", "accepted_at")}
            for event in _rows(tables["ml_cluster_events"], "event", "cluster_key", "other_cluster_key")
            if (event["model_id"], event["accepted_at"]) == (run["model_id"], run["accepted_at"])
        ],
        "scaling": _scaling(tables["ftr_scaling"]),
        "topics": _topics(tables, seen={feature["block"] for feature in parameters["features"]}),
        "prototypes": _prototypes(tables["ml_prototypes"]),
        "axes": _rows(tables["ml_pca_axes"], "axis", "feature"),
        "reference": _reference(tables["ftr_reference"]),
        "candidates": _rows(tables["ml_candidates"], "candidate_id"),
    }


def _rows(table: pa.Table, *order: str) -> list[dict[str, Any]]:
    # The same model gives the same file, in whatever order an engine hands its rows over; nulls come first.
    rows: list[dict[str, Any]] = table.to_pylist()
    return sorted(rows, key=lambda row: [(row[name] is not None, row[name]) for name in order])


def _scaling(table: pa.Table) -> dict[str, dict[str, dict[str, float | None]]]:
    marker = f"_{SCALING_FIGURES[0]}"
    features = [name.removesuffix(marker) for name in table.column_names if name.endswith(marker)]
    return {
        row["platform"]: {
            feature: {figure: row[f"{feature}_{figure}"] for figure in SCALING_FIGURES} for feature in features
        }
        for row in _rows(table, "platform")
    }


def _topics(tables: Mapping[str, pa.Table], *, seen: set[str]) -> dict[str, Any]:
    """Lay out topics by name and term; empty where distances do not see content, for then no score depends on them."""
    topics: dict[str, Any] = {"idf": {}, "loadings": {}, "scaling": {}}
    if "content" not in seen:
        return topics
    for row in _rows(tables["ml_topic_loadings"], "topic", "term"):
        topics["idf"][row["term"]] = row["idf"]
        topics["loadings"].setdefault(row["topic"], {})[row["term"]] = row["loading"]
    for row in _rows(tables["ftr_topic_scaling"], "platform"):
        means = {name.removesuffix("_mean"): value for name, value in row.items() if name.endswith("_mean")}
        topics["scaling"][row["platform"]] = {"content_factor": row["content_factor"], "means": means}
    return topics


def _prototypes(table: pa.Table) -> list[dict[str, Any]]:
    prototypes: dict[int, dict[str, Any]] = {}
    for row in _rows(table, "prototype_id", "feature"):
        head = {name: row[name] for name in ("prototype_id", "cluster_key", "bias", "radius")}
        prototype = prototypes.setdefault(row["prototype_id"], {**head, "centre": {}, "weight": {}})
        prototype["centre"][row["feature"]] = row["centre"]
        prototype["weight"][row["feature"]] = row["weight"]
    return list(prototypes.values())


def _reference(table: pa.Table) -> dict[str, list[dict[str, Any]]]:
    bins: dict[str, list[dict[str, Any]]] = {}
    for row in _rows(table, "feature", "bin"):
        bins.setdefault(row.pop("feature"), []).append(row)
    return bins
