"""``python -m tribu.sample``."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tribu.errors import LandingError
from tribu.sample.__main__ import main


def test_writes_landing_and_truth(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    truth = tmp_path / "truth.csv"
    code = main([str(tmp_path / "landing"), "--influencers", "12", "--truth", str(truth)])
    assert code == 0
    rows = pq.read_table(tmp_path / "landing" / "accounts" / "sample.parquet").num_rows
    assert f"{rows} account rows" in capsys.readouterr().err
    assert truth.read_text(encoding="utf-8").startswith("platform,account_id,handle,archetype\n")


def test_a_folder_of_something_else_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    assert main([str(tmp_path), "--influencers", "2"]) == LandingError.exit_code
    assert capsys.readouterr().err.startswith("Error: expected a landing folder")
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
