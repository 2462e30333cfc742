"""The worked questions run, and return what their comments claim of the sample.

A claim is written in the comment of its file and read from there, so that comment and test cannot part. Where the sample has changed,
``UPDATE_CLAIMS=1 pytest tests/pipeline/test_analyses.py`` writes the figures anew, in the columns that the claim already names.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import duckdb
import pytest
import yaml
from tests.conftest import ROOT, Build, run_dbt

FOLDER = ROOT / "dbt_project" / "analyses"
NAMES = sorted(path.stem for path in FOLDER.glob("*.sql"))
ONCE, TWICE = "On the sample", "After a second run"
CLAIM = re.compile(r"-- (?P<of>On the sample|After a second run): (?P<rows>\d+) rows?(?:; first (?P<first>.+))?")
#: A second model of the same sample, of fewer clusters, so that people move: no search for the best one.
SECOND_RUN = {
    "refit": "always",
    "algorithms": ["kmeans"],
    "pinned_algorithm": "kmeans",
    "pinned_k": 6,
    "resamples": 1,
    "null_draws": 1,
    "cluster_resamples": 2,
    "pictures": [],
}


@dataclass(frozen=True)
class Claim:
    """What a comment says that its query returns."""

    rows: int
    first: dict[str, str]


def text_of(name: str) -> str:
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def comment_of(name: str) -> dict[str, str]:
    """The parts of the comment on top, by the word that each begins with; continued lines are indented."""
    parts: dict[str, str] = {}
    key = ""
    for line in text_of(name).splitlines():
        if not line.startswith("--"):
            break
        if line.startswith("--     "):
            parts[key] += " " + line[7:]
        else:
            key, _, said = line[3:].partition(": ")
            parts[key] = said
    return parts


def claims_of(name: str) -> dict[str, Claim]:
    return {
        hit["of"]: Claim(
            int(hit["rows"]),
            dict(pair.split(" = ", 1) for pair in hit["first"].split(", ")) if hit["first"] else {},
        )
        for hit in CLAIM.finditer(text_of(name))
    }


def written(value: object) -> str:
    """A value as claims write it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float | Decimal):
        return f"{float(value):.10g}"
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


@pytest.fixture(scope="module")
def compiled(sample_build: Build) -> Callable[[str], str]:
    """The SQL of each question, as ``dbt compile`` writes it for the warehouse of the sample."""
    done = run_dbt(sample_build.folder, "compile", "--select", "resource_type:analysis")
    assert done.exit_code == 0, done.log
    folder = sample_build.folder / "target" / "compiled" / "tribu" / "dbt_project" / "analyses"
    return lambda name: (folder / f"{name}.sql").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def second_run(tmp_path_factory: pytest.TempPathFactory, sample_build: Build) -> Build:
    """A copy of the sample with a second model over the same people."""
    folder = tmp_path_factory.mktemp("second_run")
    shutil.copyfile(sample_build.warehouse, folder / sample_build.warehouse.name)
    shutil.copytree(sample_build.folder / "models", folder / "models")
    done = run_dbt(
        folder,
        "run",
        "--exclude",
        "staging.*",
        "reporting.*",
        "intermediate.*",
        "report_site",
        "lookalike_pairs+",
        "ml_projection+",
        "--vars",
        yaml.safe_dump(SECOND_RUN),
    )
    assert done.exit_code == 0, done.log
    return done


def answered(build: Build, sql: str) -> tuple[int, dict[str, str]]:
    """How many rows a query returns, and the first of them as claims write it."""
    with duckdb.connect(str(build.warehouse), read_only=True) as connection:
        connection.execute(sql)
        names = [column[0] for column in connection.description or ()]
        rows = connection.fetchall()
    return len(rows), dict(zip(names, map(written, rows[0]), strict=True)) if rows else {}


def renewed(name: str, of: str, rows: int, first: dict[str, str]) -> None:
    """Write the figures of a claim anew, in the columns that it names."""
    shown = [column for column in claims_of(name)[of].first if column in first]
    told = "; first " + ", ".join(f"{column} = {first[column]}" for column in shown) if shown else ""
    line = f"-- {of}: {rows} row{'' if rows == 1 else 's'}{told}"
    path = FOLDER / f"{name}.sql"
    path.write_text(re.sub(rf"-- {of}: .*", lambda _: line, path.read_text(encoding="utf-8")), encoding="utf-8")


def holds(name: str, of: str, build: Build, sql: str) -> None:
    rows, first = answered(build, sql)
    if os.environ.get("UPDATE_CLAIMS"):
        renewed(name, of, rows, first)
    claim = claims_of(name)[of]
    assert (rows, {column: first.get(column) for column in claim.first}) == (claim.rows, claim.first), (
        f"{name}: the comment and the {of[0].lower()}{of[1:]} differ; UPDATE_CLAIMS=1 writes what it returns"
    )


def test_there_are_twenty_questions() -> None:
    assert len(NAMES) == 20


@pytest.mark.parametrize("name", NAMES)
def test_every_question_says_what_to_read_and_what_it_returns(name: str) -> None:
    comment = comment_of(name)
    assert {"Question", "Read", ONCE} <= set(comment) <= {"Question", "Read", ONCE, TWICE}
    assert len(comment["Question"]) > 40
    assert len(comment["Read"]) > 40
    claims = claims_of(name)
    assert set(claims) == set(comment) - {"Question", "Read"}, "a claim that the test cannot read"
    # A query that returns nothing is claimed of one run only where a second one answers.
    assert any(claim.rows > 0 and len(claim.first) >= 3 for claim in claims.values())


@pytest.mark.parametrize("name", NAMES)
def test_the_sample_returns_what_the_comment_claims(
    name: str, sample_build: Build, compiled: Callable[[str], str]
) -> None:
    holds(name, ONCE, sample_build, compiled(name))


@pytest.mark.parametrize("name", [name for name in NAMES if TWICE in claims_of(name)])
def test_a_second_run_returns_what_the_comment_claims(
    name: str, second_run: Build, compiled: Callable[[str], str]
) -> None:
    holds(name, TWICE, second_run, compiled(name))


def test_a_query_that_a_question_hands_out_runs_and_picks_as_many_as_it_says(
    sample_build: Build, compiled: Callable[[str], str]
) -> None:
    handed_out = sample_build.rows(f"select query, picked_count from ({compiled('q15_rules_to_hand_over')})")
    assert handed_out
    for query, picked in handed_out:
        assert len(sample_build.rows(str(query))) == picked


def test_the_newcomer_is_scored_as_everybody_is(sample_build: Build, compiled: Callable[[str], str]) -> None:
    """Of somebody of whom the same three figures are known and no other, the build says what the query says."""
    rows = sample_build.rows(compiled("q14_score_a_newcomer"))
    features = ("followers_count", "er_followers", "posts_per_week")
    (values,) = sample_build.rows(
        "select "
        + ", ".join(
            f"(least(greatest({figure}, {name}_low), {name}_high) - {name}_median) / {name}_scale * {name}_weight"
            for name, figure in zip(features, ("ln(18001)", "ln(0.04001)", "ln(4.5)"), strict=True)
        )
        + " from features.ftr_scaling where platform = 'instagram'"
    )
    own = dict(zip(features, values, strict=True))
    scores: dict[str, float] = {}
    prototypes: dict[object, list[tuple[object, ...]]] = {}
    for row in sample_build.rows(
        "select prototype_id, cluster_key, feature, centre, weight, bias from marts.cluster_prototypes"
    ):
        prototypes.setdefault(row[0], []).append(row)
    for parts in prototypes.values():
        cluster, bias = str(parts[0][1]), float(str(parts[0][5]))
        score = bias - sum(
            float(str(weight)) * (float(str(own.get(str(feature), 0.0))) - float(str(centre))) ** 2
            for _, _, feature, centre, weight, _ in parts
        )
        scores[cluster] = max(score, scores.get(cluster, score))
    assert {str(row[0]): row[2] for row in rows} == {key: round(score, 2) for key, score in scores.items()}
    assert rows[0][0] == max(scores, key=lambda key: scores[key])


def test_every_question_has_its_french() -> None:
    given = yaml.safe_load((FOLDER / "_analyses.yml").read_text(encoding="utf-8"))["analyses"]
    assert [one["name"] for one in given] == NAMES
    for one in given:
        assert one["description"]
        meta = one["config"]["meta"]
        assert set(meta) == {"title_fr", "question_fr", "read_fr"}
        assert all(meta.values())
