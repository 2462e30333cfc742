"""Clusters keep their keys from build to build: through rebuilds, refits, drift and a deleted warehouse."""

from __future__ import annotations

import html
import json
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import Build, run_dbt, run_tribu

# One history, told in one file: each test is a further chapter of the same folder.

SETTINGS = {
    "algorithms": ["kmeans"],
    "k_min": 4,
    "k_max": 4,
    "resamples": 3,
    "null_draws": 1,
    "cluster_resamples": 4,
    # Growth is known from the second list on. Unseen by distances it is no reason for a new model.
    "block_weights": {"size": 1.0, "engagement": 1.0, "rhythm": 1.0, "commercial": 1.0, "growth": 0.0, "content": 0.0},
    "refit": "auto",
}


def landed(folder: Path, month: str, *, grown: float = 1.0) -> None:
    """Land a list of four kinds of accounts as of a month; few of them differ from one month to the next."""
    random = np.random.default_rng(5)
    kind = np.arange(400) % 4
    followers = np.exp(np.array([7.0, 9.0, 11.0, 13.0])[kind] + random.normal(0, 0.3, 400))
    likes = followers * np.exp(np.array([-3.0, -6.0, -2.0, -5.0])[kind] + random.normal(0, 0.2, 400))
    noise = np.exp(np.random.default_rng(int(month)).normal(0, 0.05, (2, 400)))
    comments = likes * np.exp(random.normal(-4, 0.4, 400))
    lines = [
        f"instagram,sample_{n},{followers[n] * noise[0, n] * grown:.0f},{likes[n] * noise[1, n] * grown:.1f},"
        f"{comments[n] * noise[1, n] * grown:.3f},2026-{month}-28"
        for n in range(400)
    ]
    path = folder / f"list_{month}.csv"
    path.write_text(
        "platform,handle,followers,avg_likes,avg_comments,observed_at\n" + "\n".join(lines), encoding="utf-8"
    )
    done = run_tribu(folder, "import", str(path))
    assert done.returncode == 0, done.stderr


def build(folder: Path, *, ends: int = 0, tested: bool = False, **settings: object) -> Build:
    """A further build; ``tested`` where it is of a kind that none before it was: data tests are half of its time."""
    done = run_dbt(folder, "build", "--vars", json.dumps({**SETTINGS, **settings}), data_tests=tested)
    assert done.exit_code == ends, done.log
    return done


def run_of(done: Build) -> dict[str, object]:
    names = ["cluster_run_id", "model_id", "accepted_at", "is_refit", "refit_reason", "previous_model_id", "k"]
    (row,) = done.rows(f"select {', '.join(names)} from clustering.ml_runs")
    return dict(zip(names, row, strict=True))


def page_of(done: Build, cluster_key: str) -> str:
    return (done.site / "clusters" / f"{cluster_key}.html").read_text(encoding="utf-8")


def members(done: Build) -> dict[object, object]:
    return dict(done.rows("select influencer_key, cluster_key from marts.dim_influencers"))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("history")
    landed(folder, "05")
    return folder


@pytest.fixture(scope="module")
def first(history: Path) -> tuple[dict[str, object], dict[object, object]]:
    done = build(history)
    run = run_of(done)
    assert (run["is_refit"], run["refit_reason"], run["previous_model_id"]) == (True, "first_model", None)
    assert run["k"] == 4
    assert done.rows("select distinct status from marts.dim_clusters") == [("active",)]
    assert done.value("select count(*) from marts.fct_cluster_migrations") == 0
    assert done.rows("select distinct run_order from reporting.rpt_cluster_history") == [(1,)]
    assert done.value("select count(*) from reporting.rpt_cluster_migrations") == 0
    assert "nothing to compare yet" in page_of(done, "c01")
    assert done.rows("select distinct change, is_since_run_before from reporting.rpt_changes") == [("born", False)]
    assert "This is the first run that is known of" in (done.site / "index.html").read_text(encoding="utf-8")
    assert [path.name.split("-")[-1] for path in (history / "models").iterdir()] == [f"{run['model_id']}.json"]
    return run, members(done)


def test_a_rebuild_on_unchanged_data_fits_nothing_and_moves_nobody(
    history: Path, first: tuple[dict[str, object], dict[object, object]]
) -> None:
    run, before = first
    done = build(history)
    assert run_of(done) == {
        **run,
        "is_refit": False,
        "refit_reason": "no_drift",
        "previous_model_id": run["model_id"],
    }
    assert members(done) == before
    assert done.value("select count(*) from clustering.fit_sample") == 0
    assert done.value("select max(population_stability_index) from marts.feature_drift") == 0
    # everything that a page shows of the fit is there without one
    assert done.value("select count(*) from clustering.ml_candidates") == 2
    assert done.value("select count(*) from marts.dim_clusters where stability is null") == 0
    # the same rows under the same model are one run
    assert done.value("select count(distinct cluster_run_id) from marts.fct_cluster_memberships") == 1


def test_a_forced_refit_on_unchanged_data_gives_the_same_model(
    history: Path, first: tuple[dict[str, object], dict[object, object]]
) -> None:
    run, before = first
    done = build(history, refit="always")
    found = run_of(done)
    assert (found["is_refit"], found["refit_reason"]) == (True, "always")
    assert (found["model_id"], found["accepted_at"]) == (run["model_id"], run["accepted_at"])
    assert members(done) == before
    assert len(list((history / "models").iterdir())) == 1


def test_history_survives_a_deleted_warehouse(
    history: Path, first: tuple[dict[str, object], dict[object, object]]
) -> None:
    run, before = first
    (history / "warehouse.duckdb").unlink()
    done = build(history)
    assert run_of(done)["refit_reason"] == "no_drift"
    assert run_of(done)["model_id"] == run["model_id"]
    assert members(done) == before
    assert done.value(
        "select min(first_seen_at) = max(first_seen_at) and max(first_seen_at) < min(last_seen_at) from marts.dim_clusters"
    )


def test_a_new_month_without_drift_is_scored_and_says_who_moved(
    history: Path, first: tuple[dict[str, object], dict[object, object]]
) -> None:
    run, before = first
    landed(history, "06")
    done = build(history, tested=True)
    found = run_of(done)
    assert (found["is_refit"], found["model_id"]) == (False, run["model_id"]), done.rows("from marts.feature_drift")
    assert found["cluster_run_id"] != run["cluster_run_id"]
    after = members(done)
    moved = {key: (before[key], cluster) for key, cluster in after.items() if before[key] != cluster}
    assert len(moved) < 40
    told = done.rows(
        "select influencer_key, from_cluster_key, to_cluster_key, is_other_model, previous_cluster_run_id "
        "from marts.fct_cluster_migrations where migration = 'moved'"
    )
    assert {key: (old, new) for key, old, new, _, _ in told} == moved
    assert all((other, previous) == (False, run["cluster_run_id"]) for *_, other, previous in told)
    # … and so do the pages: from which cluster into which, with those who stayed
    crossed = {pair: list(moved.values()).count(pair) for pair in set(moved.values())}
    shown = done.rows(
        "select cluster_key, flow, other_cluster_key, influencers from reporting.rpt_cluster_migrations order by all"
    )
    assert {(other, key): count for key, flow, other, count in shown if flow == "came"} == crossed
    assert {(key, other): count for key, flow, other, count in shown if flow == "went"} == crossed
    stayed = {key: count for key, flow, _, count in shown if flow == "stayed"}
    assert stayed == {
        key: sum(before[one] == cluster == key for one, cluster in after.items()) for key in set(after.values())
    }
    assert f"Still here: {stayed['c01']};" in page_of(done, "c01")
    sizes = done.rows("select run_order, influencers from reporting.rpt_cluster_history where cluster_key = 'c01'")
    assert sorted(sizes) == [(1, list(before.values()).count("c01")), (2, list(after.values()).count("c01"))]
    assert done.rows(
        "select cluster_run_id, model_id, moved_influencers, is_current from reporting.rpt_runs order by run_order"
    ) == [
        (found["cluster_run_id"], run["model_id"], len(moved), True),
        (run["cluster_run_id"], run["model_id"], 0, False),
    ]
    assert done.rows(
        "select feature, population_stability_index from reporting.rpt_features order by all"
    ) == done.rows("select feature, population_stability_index from marts.feature_drift order by all")
    assert "Growth in 30 days" in (done.site / "method.html").read_text(encoding="utf-8")


def test_other_parameters_fit_anew_and_keys_follow_the_members(
    history: Path, first: tuple[dict[str, object], dict[object, object]]
) -> None:
    run, _ = first
    before = members(build(history))
    done = build(history, pinned_k=5)
    found = run_of(done)
    assert (found["refit_reason"], found["previous_model_id"], found["k"]) == ("parameters_changed", run["model_id"], 5)
    after = members(done)
    kept = dict(done.rows("select cluster_key, jaccard from marts.fct_cluster_events where event = 'kept'"))  # type: ignore[arg-type]
    assert len(kept) >= 3
    assert all(jaccard >= 0.5 for jaccard in kept.values())
    # of those in a cluster that was kept, most are still in it
    stayed = [after[key] == cluster for key, cluster in before.items() if cluster in kept]
    assert np.mean(stayed) > 0.8
    new = done.rows("select cluster_key from marts.dim_clusters where status = 'new'")
    assert new
    assert {str(key) for (key,) in new}.isdisjoint({"c01", "c02", "c03", "c04"})
    told = done.rows("select cluster_key from reporting.rpt_changes where change = 'born' and is_since_run_before")
    assert sorted(told) == sorted(new)
    page = (done.site / "index.html").read_text(encoding="utf-8")
    assert "What changed since the last run" in page
    assert f'href="clusters/{new[0][0]}.html"' in page
    assert len(list((history / "models").iterdir())) == 2


def test_a_cluster_that_is_gone_keeps_its_name_and_its_key_is_not_given_again(history: Path) -> None:
    keys_before = {key for (key,) in build(history, pinned_k=5).rows("select cluster_key from marts.dim_clusters")}
    done = build(history, tested=True, pinned_k=3)
    rows = done.rows("select cluster_key, status, influencers_count, cluster_name_en from marts.dim_clusters")
    retired = {key for key, status, _, _ in rows if status == "retired"}
    assert retired
    assert "Ended cluster<" in (done.site / "index.html").read_text(encoding="utf-8")
    assert all(count == 0 and name for _, status, count, name in rows if status == "retired")
    assert keys_before <= {key for key, *_ in rows}
    assert len({str(name).lower() for *_, name in rows}) == len(rows)
    assert set(members(done).values()).isdisjoint(retired)
    assert done.value("select count(*) from reporting.rpt_clusters") == 3
    died = {key for (key,) in done.rows("select cluster_key from marts.fct_cluster_events where event = 'died'")}
    assert retired <= died
    # it has no page, and is named on the pages of those that its members went to
    assert {path.stem for path in (done.site / "clusters").glob("*.html")} == set(members(done).values())
    names = {key: str(name) for key, _, _, name in rows}
    for key, other in done.rows(
        "select cluster_key, other_cluster_key from reporting.rpt_cluster_migrations where flow = 'came'"
    ):
        if other in retired:
            page = page_of(done, str(key))
            assert f"Joined from {names[other]}" in html.unescape(page)
            assert f'href="{other}.html"' not in page
    # … through one more fit, of the parameters of before
    again = build(history, pinned_k=5)
    born = {
        key
        for (key,) in again.rows(
            "select cluster_key from marts.fct_cluster_events as events inner join clustering.ml_runs as runs "
            "on events.model_id = runs.model_id where events.event = 'born'"
        )
    }
    assert born.isdisjoint({key for key, *_ in rows})


def test_a_build_can_score_with_any_accepted_model(
    history: Path, first: tuple[dict[str, object], dict[object, object]]
) -> None:
    run, _ = first
    done = build(history, score_with=run["model_id"], tested=True, pinned_k=9)
    found = run_of(done)
    assert (found["model_id"], found["is_refit"], found["refit_reason"]) == (run["model_id"], False, "model_asked_for")
    assert set(members(done).values()) == {"c01", "c02", "c03", "c04"}
    unknown = build(history, ends=1, score_with="000000000000")
    assert "expected the accepted model 000000000000" in unknown.log
    assert str(run["model_id"]) in unknown.log


def test_a_feature_that_drifts_leads_to_a_new_model(
    history: Path, first: tuple[dict[str, object], dict[object, object]]
) -> None:
    build(history)
    landed(history, "07", grown=8.0)
    done = build(history, tested=True)
    assert run_of(done)["refit_reason"] == "drift"
    shifted = {key for (key,) in done.rows("select feature from marts.feature_drift where drift_reading = 'shifted'")}
    assert "followers_count" in shifted
    assert "comment_like_ratio" not in shifted
    told = done.rows("select feature from reporting.rpt_changes where change = 'shifted'")
    assert {key for (key,) in told} == shifted
    # everybody grew alike, and within a platform it is the order that counts: the clusters are those of before
    assert done.value("select count(*) from marts.dim_clusters where status = 'new'") == 0


def test_never_scores_whatever_has_drifted_and_needs_a_model(history: Path, tmp_path: Path) -> None:
    landed(history, "08", grown=64.0)
    done = build(history, refit="never")
    assert (run_of(done)["is_refit"], run_of(done)["refit_reason"]) == (False, "never")
    landed(tmp_path, "05")
    refused = build(tmp_path, ends=1, refit="never")
    assert "for var refit is never; got none; remedy: run dbt build once with var refit at auto" in refused.log
    wrong = run_dbt(tmp_path, "build", "--vars", json.dumps({"refit": "sometimes"}))
    assert wrong.exit_code == 2
    assert "expected var 'refit' to be auto, always or never; got sometimes" in wrong.log


def test_a_damaged_model_stops_the_build_with_a_remedy_and_costs_nothing(history: Path) -> None:
    before = build(history)
    *_, earlier, newest = sorted((history / "models").iterdir())
    whole = newest.read_text(encoding="utf-8")
    newest.write_text(whole[: len(whole) // 2], encoding="utf-8")
    damaged = build(history, ends=1)
    assert f"expected an accepted model in {newest}" in damaged.log
    assert members(damaged) == members(before)
    newest.replace(history / "set_aside.json")
    assert f"-{run_of(build(history, refit='never'))['model_id']}.json" in earlier.name


def test_topics_that_distances_see_are_part_of_the_model(tmp_path: Path) -> None:
    """Scored, and fitted again beside the accepted ones, they give the clusters of the first build."""
    weights = dict.fromkeys(("size", "engagement", "rhythm", "commercial", "growth", "content"), 1.0)
    settings = {"source": "sample", "block_weights": weights}
    run, before = run_of(first := build(tmp_path, **settings)), members(first)
    loadings = first.rows("from features.ml_topic_loadings order by all")
    assert loadings
    (path,) = (tmp_path / "models").iterdir()
    assert json.loads(path.read_text(encoding="utf-8"))["topics"]["loadings"]
    (tmp_path / "warehouse.duckdb").unlink()
    scored = build(tmp_path, **settings)
    assert run_of(scored)["refit_reason"] == "no_drift"
    assert scored.value("select count(*) from features.fit_topic_loadings") == 0
    assert scored.rows("from features.ml_topic_loadings order by all") == loadings
    assert members(scored) == before
    again = build(tmp_path, **{**settings, "refit": "always"})
    assert (run_of(again)["model_id"], run_of(again)["is_refit"]) == (run["model_id"], True)
    assert again.rows("select distinct event, jaccard from clustering.fit_matches") == [("kept", 1.0)]
