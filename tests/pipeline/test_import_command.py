"""`tribu import` and `tribu mapping` as a person types them: output, remarks, exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tribu import errors
from tribu.cli import EXIT_CODES, main
from tribu.errors import TribuError

ROOT = Path(__file__).parents[2]
ACCOUNTS = "platform,handle,followers\nx,ana,12.3K\nx,bo,\nx,ana,12.3K\nx,cy\n"


class Ended(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line inside the project, with a landing folder of its own."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("TRIBU_LANDING", str(tmp_path / "landing"))

    def run_command(*arguments: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["tribu", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        return Ended(int(ended.value.code or 0), captured.out, captured.err)

    return run_command


@pytest.fixture
def accounts(tmp_path: Path) -> str:
    path = tmp_path / "accounts.csv"
    path.write_text(ACCOUNTS)
    return str(path)


def test_the_counts_are_an_aligned_table_on_standard_output(run: Run, accounts: str) -> None:
    ended = run("import", accounts)
    assert ended.code == 0
    assert ended.out.splitlines() == [
        "file          table     mapping          read  landed  duplicate  rejected",
        "accounts.csv  accounts  landing_columns     4       2          1         1",
        "total                                       4       2          1         1",
    ]
    assert "1 file fits landing_columns" in ended.err
    assert "1 record rejected" in ended.err
    assert "landed in " in ended.err


def test_the_counts_as_json(run: Run, accounts: str, tmp_path: Path) -> None:
    ended = run("import", accounts, "--json")
    told = json.loads(ended.out)
    assert told["files"] == [
        {
            "file": "accounts.csv",
            "table": "accounts",
            "mapping": "landing_columns",
            "read": 4,
            "landed": 2,
            "duplicate": 1,
            "rejected": 1,
            "forgotten": 0,
        }
    ]
    assert told["total"] == {"read": 4, "landed": 2, "duplicate": 1, "rejected": 1, "forgotten": 0}
    assert (tmp_path / "landing" / "imports" / f"{told['batch_id']}.parquet").is_file()
    again = json.loads(run("import", accounts, "--json").out)
    assert again["batch_id"] is None
    assert again["total"] == {"read": 4, "landed": 0, "duplicate": 4, "rejected": 0, "forgotten": 0}


def test_the_same_file_again_and_in_place_of_itself(run: Run, accounts: str) -> None:
    run("import", accounts)
    again = run("import", accounts)
    assert again.code == 0
    assert "already imported" in again.err
    assert "nothing new to land" in again.err
    replaced = run("import", accounts, "--replace", "--observed-at", "2026-01-02")
    assert "replaces its import" in replaced.err
    assert replaced.out.splitlines()[-1].split()[1:] == ["4", "2", "1", "1"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["import", "none.csv"], 3, "nothing at none.csv"),
        (["import", "{accounts}", "--mapping", "kim"], 4, "'kim'"),
        (["import", "{accounts}", "--mapping", "top1000_2022"], 4, "the headers 'platform', 'handle', 'followers'"),
        (["import", "{accounts}", "--mapping", "none.yml"], 4, "no file at none.yml"),
    ],
)
def test_bad_input_is_one_line_and_an_exit_code(
    run: Run, accounts: str, tmp_path: Path, arguments: list[str], code: int, said: str
) -> None:
    ended = run(*(argument.format(accounts=accounts) for argument in arguments))
    assert (ended.code, ended.out) == (code, "")
    (line,) = ended.err.splitlines()
    assert line.startswith("tribu: error: expected ")
    assert "; got " in line
    assert "; remedy: " in line
    assert said in line
    assert not (tmp_path / "landing").exists()


def test_a_landing_folder_from_elsewhere(run: Run, accounts: str, tmp_path: Path) -> None:
    (tmp_path / "landing").mkdir()
    (tmp_path / "landing" / "photo.jpg").touch()
    ended = run("import", accounts)
    assert ended.code == 5
    assert "from elsewhere" in ended.err
    assert "photo.jpg" in ended.err


def test_outside_a_project(run: Run, accounts: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("import", accounts).code == 7


@pytest.mark.parametrize(
    "arguments",
    [["import"], ["import", "a.csv", "--observed-at", "1 June"], ["import", "a.csv", "--platform", " "], ["impot"]],
)
def test_a_command_line_that_does_not_parse(run: Run, arguments: list[str]) -> None:
    ended = run(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert "Error: " in ended.err


def test_every_exit_code_is_documented_once(run: Run) -> None:
    shown = run("--help").out
    codes = {error.exit_code for error in vars(errors).values() if isinstance(error, type) and error is not TribuError}
    for code in {0, 1, 2, *codes}:
        assert shown.count(f"\n    {code}  ") + shown.count(f"\n  {code}  ") == 1, code
    assert EXIT_CODES.count("\n  ") == len({0, 1, 2, *codes})


@pytest.mark.parametrize(
    "arguments", [["--help"], ["import", "--help"], ["mapping", "--help"], ["mapping", "list", "-h"]]
)
def test_help_everywhere(run: Run, arguments: list[str]) -> None:
    ended = run(*arguments)
    assert ended.code == 0
    assert ended.out.startswith("Usage: tribu")


def test_help_imports_nothing_heavy() -> None:
    heavy = "duckdb pyarrow yaml pandas sklearn plotly numpy dbt jinja2"
    code = f"import sys, tribu.cli; print([name for name in {heavy.split()!r} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_mappings_are_listed(run: Run) -> None:
    table = run("mapping", "list").out.splitlines()
    assert table[0].split() == ["name", "variants", "tables", "title"]
    assert {line.split()[0] for line in table[1:]} >= {
        "kim_instagram",
        "top1000_2022",
        "top_insta_influencers_data",
        "youtube_trending",
    }
    told = json.loads(run("mapping", "list", "--json").out)
    assert {mapping["name"] for mapping in told} == {line.split()[0] for line in table[1:]}
    (kim,) = [mapping for mapping in told if mapping["name"] == "kim_instagram"]
    assert [variant["tables"] for variant in kim["variants"]] == [["accounts"], ["posts"]]
    assert kim["variants"][0]["headers"][0] == "Username"


UNKNOWN = "Usuario,Seguidores,Sexo\n" + "".join(f"user_{n},{n * 1371},F\n" for n in range(1, 30))


@pytest.fixture
def unknown(tmp_path: Path) -> str:
    path = tmp_path / "unknown.csv"
    path.write_text(UNKNOWN)
    return str(path)


def test_a_draft_goes_to_standard_output_and_what_is_open_beside_it(run: Run, unknown: str) -> None:
    ended = run("mapping", "draft", unknown)
    assert ended.code == 0
    assert 'handle: "Usuario"' in ended.out
    assert "2 of 3 columns mapped, 1 to settle" in ended.err
    assert "platform: " in ended.err
    assert "Sexo (gender)" in ended.err


def test_a_draft_is_settled_and_imported(run: Run, unknown: str, tmp_path: Path) -> None:
    mapping = tmp_path / "unknown.yml"
    assert run("mapping", "draft", unknown, "--out", str(mapping)).out == ""
    refused = run("import", unknown, "--mapping", str(mapping))
    assert (refused.code, refused.out) == (4, "")
    assert "platform" in refused.err
    assert not (tmp_path / "landing").exists()
    ended = run("import", unknown, "--mapping", str(mapping), "--platform", "x", "--json")
    assert json.loads(ended.out)["total"] == {"read": 29, "landed": 29, "duplicate": 0, "rejected": 0, "forgotten": 0}
    assert "sensitive columns that do not land: Sexo (gender)" in ended.err


def test_a_draft_writes_over_nothing(run: Run, unknown: str, tmp_path: Path) -> None:
    (tmp_path / "mine.yml").write_text("settled")
    ended = run("mapping", "draft", unknown, "--out", str(tmp_path / "mine.yml"))
    assert ended.code == 4
    assert (tmp_path / "mine.yml").read_text() == "settled"


def test_a_draft_for_programs(run: Run, unknown: str) -> None:
    told = json.loads(run("mapping", "draft", unknown, "--json").out)
    assert {column["header"]: column["column"] for column in told["columns"]} == {
        "Usuario": "handle",
        "Seguidores": "followers",
        "Sexo": None,
    }
    assert set(told["unsettled"]) == {"platform"}


def test_a_misfit_is_an_error_that_names_the_figures_and_accept_goes_on(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "years.csv"
    path.write_text("platform,handle,followers\n" + "".join(f"x,u{n},{2000 + n}\n" for n in range(20)))
    ended = run("import", str(path))
    assert (ended.code, ended.out) == (4, "")
    assert "20 of 20 numbers lie between 1900 and 2100" in ended.err
    assert run("import", str(path), "--accept").code == 0
