"""The benchmark of speed: the three ways read the same landing, and the table says what was measured."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from benchmarks.population import land_population
from benchmarks.speed import __main__ as speed
from benchmarks.speed import notebook, scan
from benchmarks.speed.profile import Nodes


@pytest.fixture(scope="module")
def landing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("population") / "landing"
    assert land_population(folder, 400, 400, 20) == {"accounts": 400, "posts": 8000}
    return folder


def test_the_notebook_reads_counts_as_people_write_them() -> None:
    read = notebook.counts(pd.Series(["12,345", "48.2K", "1.3M", "7", None, "hidden"]))
    assert read[:4].to_list() == pytest.approx([12345, 48200, 1300000, 7])
    assert read[4:].isna().all()


def test_the_notebook_ends_with_clusters_and_a_map(landing: Path, tmp_path: Path) -> None:
    told = notebook.main(landing, tmp_path)
    assert told["influencers"] == 400
    assert told["k"] in notebook.K_RANGE
    assert list(told["steps"]) == ["read", "parse", "aggregate", "scale", "cluster", "map"]  # type: ignore[call-overload]
    people = pd.read_parquet(tmp_path / "influencers.parquet")
    assert people["cluster"].nunique() == told["k"]
    assert not np.isnan(people[["followers", "engagement", "posts_per_week"]]).any().any()
    assert (tmp_path / "map.html").stat().st_size > 10_000


def test_the_scan_reads_everybody(landing: Path) -> None:
    assert scan.main(landing, 1) == {"accounts": 400, "accounts_with_posts": 400}


def test_sizes_are_measured_and_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = tmp_path / "kept" / "speed.json"
    arguments = ["--sizes", "50", "--only", "scan", "--json", str(kept), "--folder", str(tmp_path)]
    assert speed.main(arguments) == 0
    (run,) = json.loads(kept.read_text(encoding="utf-8"))["sizes"]["50"]["runs"]
    assert (run["way"], run["influencers"], run["rows"]) == ("scan", 50, 1050)
    assert run["wall"] > 0
    assert run["cpu"] > 0
    assert run["steps"] == {"accounts": 50, "accounts_with_posts": 50}
    header, row, _ = capsys.readouterr().out.splitlines()
    assert header.split()[:3] == ["influencers", "rows", "way"]
    assert row.split()[:3] == ["50", "1,050", "scan"]


def runs(tribu: tuple[float, int], other: tuple[float, int]) -> list[speed.Run]:
    return [
        speed.Run("scan", 10, 210, 1.0, 1.0, 10),
        speed.Run("notebook", 10, 210, other[0], other[0], other[1]),
        speed.Run("tribu", 10, 210, tribu[0], tribu[0], tribu[1]),
    ]


def test_aims_are_ratios_and_say_when_they_are_missed() -> None:
    met = speed.ratios(runs((3.0, 100), (15.0, 300)))
    assert met == {"notebook_wall": 5.0, "notebook_peak": 0.333, "notebook_cpu": 5.0, "scan_wall": 3.0}
    assert speed.unmet(met) == []
    missed = speed.unmet(speed.ratios(runs((8.0, 200), (15.0, 300))))
    assert [words.split(",")[0] for words in missed] == [
        "notebook's wall over Tribu's 1.88",
        "Tribu's peak memory over the notebook's 0.67",
        "Tribu's wall over the scan's 8.0",
    ]
    assert speed.ratios(runs((1.0, 1), (1.0, 1))[:2]) == {}


def test_the_profile_takes_what_a_node_took() -> None:
    class Event:
        def __init__(self, name: str) -> None:
            self.info = type("Info", (), {"name": name})
            self.data = type("Data", (), {"node_info": type("Node", (), {"unique_id": "model.tribu.one"})})

    nodes = Nodes()
    for name in ("NodeFinished", "NodeStart", "LogLine", "NodeFinished"):
        nodes.hear(Event(name))
    (taken,) = nodes.finished
    assert taken["node"] == "model.tribu.one"
    assert 0 <= taken["wall"] < 5
    assert 0 <= taken["cpu"] < 5
