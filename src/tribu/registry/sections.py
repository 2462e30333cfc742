"""Sections of a model file as tables: what SQL reads of the model that a build may score with."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, Final

import pyarrow as pa

from tribu.cluster import candidates, projection, topics
from tribu.errors import ModelFileError
from tribu.project import find_places
from tribu.registry.files import Model, model_files, read_model

Row = dict[str, Any]

_TEXT, _WHOLE, _NUMBER, _TRUTH = pa.string(), pa.int64(), pa.float64(), pa.bool_()


def _fields(**types: pa.DataType) -> pa.Schema:
    return pa.schema([pa.field(name, kind) for name, kind in types.items()])


SCALING_FIGURES: Final = ("low", "median", "high", "scale", "known", "weight")
"""What a model keeps of each platform and feature; see ``features.ftr_scaling``."""

SECTIONS: Final[dict[str, pa.Schema]] = {
    "model": _fields(
        model_id=_TEXT,
        accepted_at=_TEXT,
        parameters_fingerprint=_TEXT,
        last_cluster_number=_WHOLE,
        candidate_id=_TEXT,
        algorithm=_TEXT,
        k=_WHOLE,
        setting=_NUMBER,
        random_seed=_WHOLE,
        fit_rows=_WHOLE,
        features_count=_WHOLE,
        prototypes_count=_WHOLE,
        fidelity=_NUMBER,
        inertia=_NUMBER,
        silhouette=_NUMBER,
        davies_bouldin=_NUMBER,
        calinski_harabasz=_NUMBER,
        bic=_NUMBER,
        smallest_share=_NUMBER,
        noise_share=_NUMBER,
        stability=_NUMBER,
        null_silhouette=_NUMBER,
        structure_found=_TRUTH,
        candidates_count=_WHOLE,
        passing_count=_WHOLE,
        selection_code=_TEXT,
        reason=_TEXT,
    ),
    "models": _fields(model_id=_TEXT, accepted_at=_TEXT, algorithm=_TEXT, k=_WHOLE, stability=_NUMBER),
    "candidates": candidates.SCHEMA,
    "scaling": _fields(platform=_TEXT, feature=_TEXT, **dict.fromkeys(SCALING_FIGURES, _NUMBER)),
    "reference": _fields(feature=_TEXT, bin=_WHOLE, upper_edge=_NUMBER, influencers_count=_WHOLE),
    "topics": topics.SCHEMA,
    "topic_scaling": _fields(platform=_TEXT, topic=_TEXT, mean=_NUMBER, content_factor=_NUMBER),
    "prototypes": _fields(
        prototype_id=_WHOLE,
        cluster_key=_TEXT,
        feature=_TEXT,
        centre=_NUMBER,
        weight=_NUMBER,
        bias=_NUMBER,
        radius=_NUMBER,
    ),
    "clusters": _fields(
        cluster_key=_TEXT,
        cluster_name_en=_TEXT,
        cluster_name_fr=_TEXT,
        status=_TEXT,
        first_seen_at=_TEXT,
        last_seen_at=_TEXT,
        share_ratio=_NUMBER,
        stability=_NUMBER,
        worst_jaccard=_NUMBER,
        resamples_count=_WHOLE,
    ),
    "axes": projection.SCHEMA,
    "events": _fields(
        model_id=_TEXT,
        accepted_at=_TEXT,
        event=_TEXT,
        cluster_key=_TEXT,
        other_cluster_key=_TEXT,
        share_ratio=_NUMBER,
        jaccard=_NUMBER,
        centre_distance=_NUMBER,
    ),
}
"""Columns of each section. ``model`` is one row, ``models`` has one per accepted model, ``events`` are those of every
one, ``clusters`` name the clusters of every one, and the rest are rows of one model."""


def accepted_section(section: str, request: pa.Table) -> pa.Table:
    """Read one section of the model that this build may score with.

    Parameters
    ----------
    section
        Name in `SECTIONS`.
    request
        One row with ``source_kind`` (``landing`` or ``sample``), ``refit`` (``auto``, ``always`` or ``never``) and
        ``score_with`` (a ``model_id``, or null for the last accepted) and ``parameters``, the settings of this build as
        JSON, with the ``features`` that distances see.

    Returns
    -------
    pyarrow.Table
        Of the section's schema; without a row where nothing was accepted yet.

    Raises
    ------
    ModelFileError
        If a model is asked for that is not there or was fitted on other features, or a file is damaged.
    """
    (asked,) = request.to_pylist()
    folder = find_places().models
    files = model_files(folder, asked["source_kind"])
    wanted = asked["score_with"]
    if wanted is not None and wanted not in files:
        raise ModelFileError(
            expected=f"the accepted model {wanted} in {folder}",
            got=f"models {', '.join(files)}" if files else "no accepted model",
            remedy="set var score_with to one of these, or to null for the last",
        )
    if asked["refit"] == "never" and not files:
        raise ModelFileError(
            expected=f"an accepted model in {folder}, for var refit is never",
            got="none",
            remedy="run dbt build once with var refit at auto, or restore the file of a model",
        )
    if not files:
        return SECTIONS[section].empty_table()
    chosen = read_model(files[wanted] if wanted is not None else list(files.values())[-1])
    if wanted is not None or asked["refit"] == "never":
        _check_features(chosen, asked)
    try:
        if section in _ROWS:
            rows = list(_ROWS[section](chosen))
        else:
            # newest first: what it says of an old cluster is what was known last
            others = [read_model(path) for path in reversed(files.values())]
            rows = list(_ROWS_OF_ALL[section](chosen, others))
        return pa.Table.from_pylist(rows, schema=SECTIONS[section])
    except (KeyError, TypeError, AttributeError, pa.ArrowException) as error:
        raise ModelFileError(
            expected=f"section {section} of an accepted model in {folder}",
            got=f"{type(error).__name__}: {error}",
            remedy="restore the file, or move it away: the build then uses the model accepted before it",
        ) from error


def _check_features(model: Model, asked: Row) -> None:
    """Refuse to score with a model of other features; one that is to be replaced may have any."""
    known = model.get("parameters", {}).get("features")
    if known != json.loads(asked["parameters"])["features"]:
        raise ModelFileError(
            expected=(
                f"model {model.get('model_id')} to have been fitted on the features of macro feature_catalogue and var "
                "own_features"
            ),
            got="other features, blocks, columns or transforms",
            remedy="set var refit to auto and var score_with to null, so that a model of these features is fitted",
        )


def _model(chosen: Model, models: list[Model]) -> Iterator[Row]:
    head = {name: chosen[name] for name in ("model_id", "accepted_at", "parameters_fingerprint")}
    # Keys are never given twice, whichever model a build starts from.
    yield {**chosen["selection"], **head, "last_cluster_number": max(model["last_cluster_number"] for model in models)}


def _models(chosen: Model, models: list[Model]) -> Iterator[Row]:
    for model in models:
        head = {name: model[name] for name in ("model_id", "accepted_at")}
        yield {**head, **{name: model["selection"].get(name) for name in ("algorithm", "k", "stability")}}


def _clusters(chosen: Model, models: list[Model]) -> Iterator[Row]:
    """Yield the clusters of a model and, as retired, those that only others have: all that a membership may name."""
    yield from chosen["clusters"]
    seen = {cluster["cluster_key"] for cluster in chosen["clusters"]}
    for model in models:
        for cluster in model["clusters"]:
            if cluster["cluster_key"] not in seen:
                seen.add(cluster["cluster_key"])
                yield {**cluster, "status": "retired"}


def _events(chosen: Model, models: list[Model]) -> Iterator[Row]:
    for model in models:
        for event in model["events"]:
            yield {"model_id": model["model_id"], "accepted_at": model["accepted_at"], **event}


def _scaling(model: Model) -> Iterator[Row]:
    for platform, features in model["scaling"].items():
        for feature, figures in features.items():
            yield {"platform": platform, "feature": feature, **figures}


def _topics(model: Model) -> Iterator[Row]:
    for topic, loadings in model["topics"]["loadings"].items():
        for term, loading in loadings.items():
            yield {"topic": topic, "term": term, "idf": model["topics"]["idf"][term], "loading": loading}


def _topic_scaling(model: Model) -> Iterator[Row]:
    for platform, scaling in model["topics"]["scaling"].items():
        for topic, mean in scaling["means"].items():
            yield {"platform": platform, "topic": topic, "mean": mean, "content_factor": scaling["content_factor"]}


def _reference(model: Model) -> Iterator[Row]:
    for feature, bins in model["reference"].items():
        for row in bins:
            yield {"feature": feature, **row}


def _prototypes(model: Model) -> Iterator[Row]:
    for prototype in model["prototypes"]:
        head = {name: prototype[name] for name in ("prototype_id", "cluster_key", "bias", "radius")}
        for feature, centre in prototype["centre"].items():
            yield {**head, "feature": feature, "centre": centre, "weight": prototype["weight"][feature]}


_ROWS: Final[dict[str, Callable[[Model], Iterator[Row]]]] = {
    "candidates": lambda model: iter(model["candidates"]),
    "scaling": _scaling,
    "topics": _topics,
    "topic_scaling": _topic_scaling,
    "reference": _reference,
    "prototypes": _prototypes,
    "axes": lambda model: iter(model["axes"]),
}
_ROWS_OF_ALL: Final[dict[str, Callable[[Model, list[Model]], Iterator[Row]]]] = {
    "model": _model,
    "models": _models,
    "clusters": _clusters,
    "events": _events,
}
