"""Accepted models as files: what is written is read back, and a damaged file says so."""

from __future__ import annotations

import json
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from platform import python_version

import pyarrow as pa
import pytest

from tribu.errors import ModelFileError
from tribu.project import find_places
from tribu.registry import SECTIONS, accept_model, accepted_section
from tribu.registry.files import model_files, model_path, read_model, write_model

RUN = {
    "model_id": "0123456789ab",
    "accepted_at": "2026-06-30T10:15:00.000001Z",
    "is_refit": True,
    "source_kind": "landing",
    "input_fingerprint": "f1",
    "parameters_fingerprint": "p1",
    "parameters": '{"features": [{"name": "size", "block": "size"}, {"name": "rate", "block": "content"}]}',
    "last_cluster_number": 4,
}
EVENT = {"event": "born", "other_cluster_key": None, "share_ratio": None, "jaccard": None, "centre_distance": None}


def told_versions() -> dict[str, str]:
    """The versions that a model is said to be fitted with."""
    libraries = {"tribu": "tribu", "dbt": "dbt-core", "duckdb": "duckdb", "scikit_learn": "scikit-learn"}
    return {
        **{f"{name}_version": version(library) for name, library in libraries.items()},
        "python_version": python_version(),
    }


def tables(**run: object) -> dict[str, pa.Table]:
    """A model of two clusters, one of them retired, and two features, as a build hands it over."""
    merged = {**RUN, **run}
    selection = dict.fromkeys(SECTIONS["model"].names) | {"candidate_id": "kmeans_01", "k": 1, "reason": "x"}
    cluster = {"first_seen_at": "a", "last_seen_at": "b", "stability": 0.9, "worst_jaccard": 0.8, "resamples_count": 3}
    return {
        "ml_runs": pa.Table.from_pylist([merged]),
        "ml_selection": pa.Table.from_pylist([selection]),
        "ml_candidates": pa.Table.from_pylist(
            [{"candidate_id": name, "k": k} for name, k in (("kmeans_03", 3), ("kmeans_01", 1))],
            schema=SECTIONS["candidates"],
        ),
        "ml_clusters": pa.Table.from_pylist(
            [
                {"cluster_key": "c04", "status": "retired", **cluster},
                {"cluster_key": "c01", "status": "active", **cluster},
            ]
        ),
        "ml_cluster_names": pa.Table.from_pylist(
            [
                {"cluster_key": key, "generated_name_en": f"{key} en", "generated_name_fr": f"{key} fr"}
                for key in ("c01", "c04")
            ]
        ),
        "dim_clusters": pa.Table.from_pylist(
            [{"cluster_key": "c01", "share_ratio": 1.0}, {"cluster_key": "c04", "share_ratio": 0.0}]
        ),
        "ftr_scaling": pa.Table.from_pylist(
            [
                {
                    "platform": "youtube",
                    **{f"size_{name}": 0.1 for name in ("low", "median", "high", "scale", "known", "weight")},
                    **{f"rate_{name}": None for name in ("low", "median", "high", "scale", "known", "weight")},
                }
            ]
        ),
        "ftr_reference": pa.Table.from_pylist(
            [
                {"feature": "size", "bin": number, "upper_edge": edge, "influencers_count": 5}
                for number, edge in ((2, None), (1, 0.1 + 0.2))
            ]
        ),
        "ml_topic_loadings": pa.Table.from_pylist(
            [
                {"topic": topic, "term": term, "idf": idf, "loading": 0.5 if topic == "topic_01" else -0.25}
                for topic in ("topic_01", "topic_02")
                for term, idf in (("#b", 2.5), ("#a", 1.5))
            ]
        ),
        "ftr_topic_scaling": pa.Table.from_pylist(
            [{"platform": "youtube", "topic_01_mean": 0.125, "topic_02_mean": None, "content_factor": 1.75}]
        ),
        "ml_prototypes": pa.Table.from_pylist(
            [
                {
                    "prototype_id": 1,
                    "cluster_key": "c01",
                    "feature": name,
                    "centre": 0.25,
                    "weight": 1.0,
                    "bias": 0.0,
                    "radius": None,
                }
                for name in ("size", "rate")
            ]
        ),
        "ml_pca_axes": pa.Table.from_pylist(
            [{"axis": 1, "feature": "size", "mean": 0.0, "loading": 1.0, "explained_variance_ratio": 0.5}]
        ),
        "ml_cluster_events": pa.Table.from_pylist(
            [
                {"model_id": merged["model_id"], "accepted_at": merged["accepted_at"], "cluster_key": "c01", **EVENT},
                {"model_id": "ffffffffffff", "accepted_at": "x", "cluster_key": "c09", **EVENT},
            ],
            schema=SECTIONS["events"],
        ),
    }


def request(**asked: object) -> pa.Table:
    row = {"source_kind": "landing", "refit": "auto", "score_with": None, "parameters": RUN["parameters"], **asked}
    return pa.Table.from_pylist([row], schema=pa.schema([(name, pa.string()) for name in row]))


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRIBU_MODELS", str(tmp_path / "models"))
    return tmp_path / "models"


def test_models_stand_beside_the_warehouse_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRIBU_MODELS", raising=False)
    monkeypatch.setenv("TRIBU_WAREHOUSE", "elsewhere/w.duckdb")
    places = find_places()
    assert places.models == places.root / "elsewhere" / "models"


def test_without_a_model_every_section_is_empty(models: Path) -> None:
    for section, schema in SECTIONS.items():
        found = accepted_section(section, request())
        assert (found.schema, found.num_rows) == (schema, 0)
    assert not models.exists()


def test_a_model_of_an_earlier_version_has_no_code_of_its_choice(models: Path) -> None:
    accept_model(tables())
    (path,) = models.iterdir()
    model = json.loads(path.read_text(encoding="utf-8"))
    del model["selection"]["selection_code"]
    path.write_text(json.dumps(model), encoding="utf-8")
    (row,) = accepted_section("model", request()).to_pylist()
    assert (row["selection_code"], row["reason"]) == (None, "x")


def test_a_model_whose_file_tells_no_versions_has_none(models: Path) -> None:
    accept_model(tables())
    (path,) = models.iterdir()
    model = json.loads(path.read_text(encoding="utf-8"))
    del model["versions"]
    path.write_text(json.dumps(model), encoding="utf-8")
    (row,) = accept_model(tables(is_refit=False)).to_pylist()
    assert (row["model_id"], row["is_new"]) == ("0123456789ab", False)
    assert {row[name] for name in told_versions()} == {None}


def test_what_was_accepted_is_read_back(models: Path) -> None:
    accepted = accept_model(tables()).to_pylist()
    assert accepted == [
        {
            "model_id": "0123456789ab",
            "file_name": "landing-20260630T101500000001-0123456789ab.json",
            "is_new": True,
            **told_versions(),
        }
    ]
    assert [
        (row["model_id"], row["algorithm"], row["k"]) for row in accepted_section("models", request()).to_pylist()
    ] == [("0123456789ab", None, 1)]
    read = {section: accepted_section(section, request()).to_pylist() for section in SECTIONS}
    assert (read["model"][0]["model_id"], read["model"][0]["last_cluster_number"]) == ("0123456789ab", 4)
    assert [row["candidate_id"] for row in read["candidates"]] == ["kmeans_01", "kmeans_03"]
    assert [(row["cluster_key"], row["cluster_name_fr"], row["share_ratio"]) for row in read["clusters"]] == [
        ("c01", "c01 fr", 1.0),
        ("c04", "c04 fr", 0.0),
    ]
    assert {(row["feature"], row["scale"]) for row in read["scaling"]} == {("size", 0.1), ("rate", None)}
    # to the last bit: a model that is read back must place everybody as before
    assert [(row["bin"], row["upper_edge"]) for row in read["reference"]] == [(1, 0.1 + 0.2), (2, None)]
    assert {(row["feature"], row["centre"], row["weight"], row["radius"]) for row in read["prototypes"]} == {
        ("rate", 0.25, 1.0, None),
        ("size", 0.25, 1.0, None),
    }
    assert {(row["topic"], row["term"], row["idf"], row["loading"]) for row in read["topics"]} == {
        ("topic_01", "#a", 1.5, 0.5),
        ("topic_01", "#b", 2.5, 0.5),
        ("topic_02", "#a", 1.5, -0.25),
        ("topic_02", "#b", 2.5, -0.25),
    }
    assert [(row["topic"], row["mean"], row["content_factor"]) for row in read["topic_scaling"]] == [
        ("topic_01", 0.125, 1.75),
        ("topic_02", None, 1.75),
    ]
    # only its own events: those of the models before it are in their files
    assert [(row["model_id"], row["cluster_key"]) for row in read["events"]] == [("0123456789ab", "c01")]


def test_a_file_says_in_words_what_it_is(models: Path) -> None:
    accept_model(tables())
    (path,) = models.iterdir()
    model = json.loads(path.read_text(encoding="utf-8"))
    assert [feature["name"] for feature in model["parameters"]["features"]] == ["size", "rate"]
    assert {"python", "tribu", "scikit-learn", "duckdb"} <= set(model["versions"])
    assert model["input_fingerprint"] == "f1"


def test_topics_that_no_distance_sees_are_no_part_of_a_model(models: Path) -> None:
    accept_model(tables(parameters='{"features": [{"name": "size", "block": "size"}]}'))
    assert accepted_section("topics", request()).num_rows == 0
    assert accepted_section("topic_scaling", request()).num_rows == 0


def test_a_model_is_written_once(models: Path) -> None:
    accept_model(tables())
    (path,) = models.iterdir()
    before = path.read_bytes()
    for is_refit in (True, False):
        again = accept_model(tables(is_refit=is_refit, accepted_at="2027-01-01T00:00:00.000000Z")).to_pylist()
        assert (again[0]["is_new"], again[0]["file_name"]) == (False, path.name)
        assert [(found.name, found.read_bytes()) for found in models.iterdir()] == [(path.name, before)]


def test_a_model_that_is_found_again_after_another_is_the_last_again(models: Path) -> None:
    accept_model(tables())
    accept_model(tables(model_id="aaaaaaaaaaaa", accepted_at="2026-07-30T10:15:00.000000Z"))
    again = accept_model(tables(accepted_at="2026-08-30T10:15:00.000000Z")).to_pylist()
    assert again[0]["is_new"]
    (last,) = accepted_section("model", request()).to_pylist()
    assert (last["model_id"], last["accepted_at"]) == ("0123456789ab", "2026-08-30T10:15:00.000000Z")
    # scoring with an older one accepts nothing
    scored = accept_model(tables(model_id="aaaaaaaaaaaa", is_refit=False)).to_pylist()
    assert (scored[0]["is_new"], len(list(models.iterdir()))) == (False, 3)


def test_without_a_run_nothing_is_accepted(models: Path) -> None:
    without = {**tables(), "ml_runs": pa.Table.from_pylist([RUN]).slice(0, 0)}
    assert accept_model(without).num_rows == 0
    assert not models.exists()


def test_the_last_is_meant_unless_another_is_asked_for(models: Path) -> None:
    accept_model(tables(last_cluster_number=9))
    accept_model(tables(model_id="aaaaaaaaaaaa", accepted_at="2026-07-30T10:15:00.000000Z", last_cluster_number=5))
    accept_model(tables(model_id="bbbbbbbbbbbb", accepted_at="2026-08-30T10:15:00.000000Z", source_kind="sample"))
    (last,) = accepted_section("model", request()).to_pylist()
    assert last["model_id"] == "aaaaaaaaaaaa"
    # no key is given twice, whichever model a build starts from
    assert last["last_cluster_number"] == 9
    (asked,) = accepted_section("model", request(score_with="0123456789ab")).to_pylist()
    assert asked["model_id"] == "0123456789ab"
    assert {row["model_id"] for row in accepted_section("events", request()).to_pylist()} == {
        "0123456789ab",
        "aaaaaaaaaaaa",
    }
    # models of the sample and of landed rows never meet
    (sample,) = accepted_section("model", request(source_kind="sample")).to_pylist()
    assert sample["model_id"] == "bbbbbbbbbbbb"


def test_a_model_that_is_not_there_is_named_with_those_that_are(models: Path) -> None:
    accept_model(tables())
    with pytest.raises(ModelFileError, match=r"cccccccccccc.*got models 0123456789ab"):
        accepted_section("model", request(score_with="cccccccccccc"))


@pytest.mark.parametrize("asked", [{"refit": "never"}, {"score_with": "0123456789ab"}])
def test_a_model_of_other_features_does_not_score(models: Path, asked: dict[str, object]) -> None:
    accept_model(tables())
    other = {"parameters": '{"features": [{"name": "size", "block": "size"}]}'}
    with pytest.raises(ModelFileError, match="other features"):
        accepted_section("prototypes", request(**asked, **other))
    # it may be what a new fit is matched to
    assert accepted_section("prototypes", request(**other)).num_rows == 2
    # other settings are no hindrance: scores do not depend on them
    same = {"parameters": RUN["parameters"].replace('{"features"', '{"k_max": 5, "features"')}
    assert accepted_section("prototypes", request(**asked, **same)).num_rows == 2


def test_never_without_a_model_says_how_to_get_one(models: Path) -> None:
    with pytest.raises(ModelFileError, match="run dbt build once with var refit at auto"):
        accepted_section("model", request(refit="never"))


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"format": 2}', '{"format": 1}', '{"format": 1, "selection": []}', "\x00\x01"]
)
def test_a_damaged_file_is_named_with_what_to_do(models: Path, content: str) -> None:
    accept_model(tables())
    (path,) = models.iterdir()
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ModelFileError, match="move it away"):
        accepted_section("model", request())
    with pytest.raises(ModelFileError, match="move it away"):
        accepted_section("prototypes", request())


def test_a_foreign_file_is_passed_over(models: Path) -> None:
    accept_model(tables())
    (models / "notes.json").write_text("mine", encoding="utf-8")
    assert list(model_files(models, "landing")) == ["0123456789ab"]


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file", encoding="utf-8")
    path = model_path(tmp_path / "models", source_kind="landing", accepted_at=datetime(2026, 6, 30), model_id="0" * 12)
    with pytest.raises(ModelFileError, match="TRIBU_MODELS"):
        write_model(path, {"format": 1})


def test_a_failed_write_leaves_no_half_file(tmp_path: Path) -> None:
    path = tmp_path / "landing-20260630T101500000001-0123456789ab.json"
    with pytest.raises(ValueError, match="JSON"):
        write_model(path, {"format": 1, "centre": float("nan")})
    assert list(tmp_path.iterdir()) == []
    write_model(path, {"format": 1})
    assert read_model(path) == {"format": 1}
