"""Secrets stay where they are: every command runs with marked ones, succeeds and fails, and no output and no file has a mark.

Commands come from the command line itself and variables from the sources, so that a new one of either has to be tried here.
"""

from __future__ import annotations

import base64
import gzip
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import duckdb
import pyarrow.parquet as pq
import pytest
from tests.conftest import ROOT, places_env
from tests.networks.bluesky import BlueskyServer, Person
from tests.networks.instagram import InstagramServer, Professional
from tests.networks.mastodon import Account, MastodonServer
from tests.networks.server import NetworkServer
from tests.networks.tiktok import Creator, TikTokServer
from tests.networks.tokens import CREATORS, TOKENS
from tests.networks.x import User, XServer
from tests.networks.youtube import Channel, YouTubeServer

from tribu.cli import cli
from tribu.cli.collect import PLATFORMS

MARK = "marked-"
NOT_SECRET = {
    "TRIBU_LANDING", "TRIBU_WAREHOUSE", "TRIBU_MODELS", "TRIBU_SITE", "TRIBU_PUBLISHED", "TRIBU_SPARK", "TRIBU_LOCK_WAIT",
    "TRIBU_INSTAGRAM_USER_ID",  # a number that every profile of the account shows
}  # fmt: skip
SECRETS = {name: token for name, token in TOKENS.items() if name not in NOT_SECRET} | {
    "TRIBU_FORGET_KEY": "marked-forget-key-of-nobody-0815",
    "TRIBU_PSEUDONYM_KEY": "marked-pseudonym-key-of-nobody-0815",
}
SERVERS: dict[str, Callable[[], NetworkServer]] = {
    "bluesky": lambda: BlueskyServer([Person(1, "ana")]),
    "instagram": lambda: InstagramServer([Professional(1, "ana")]),
    "mastodon": lambda: MastodonServer([Account(1, "ana")]),
    "tiktok": lambda: TikTokServer([Creator("ana", CREATORS["ana"])]),
    "x": lambda: XServer([User(1, "ana")]),
    "youtube": lambda: YouTubeServer([Channel(1, "ana")]),
}
# A fault of Tribu itself, where the token has just been put into a request, or the key has been read: a traceback is printed.
CRASHES = {
    "collect": "import requests.adapters as place; name = 'HTTPAdapter.send'",
    "forget": "import tribu.privacy.forgetting as place; name = 'forget'",
    "report": "import tribu.report as place; name = 'render_site'",
}
CRASHING = """
def crash(*_, **__):
    raise RuntimeError("a fault of Tribu itself")
*owners, last = name.split(".")
for owner in owners:
    place = getattr(place, owner)
setattr(place, last, crash)
from tribu.cli import main
main()
"""
# Few rows and one algorithm: what is searched for does not depend on how good the clusters are.
BUILD = (
    "{pictures: [], pinned_algorithm: kmeans, pinned_k: 3, algorithms: [kmeans], cluster_resamples: 2, resamples: 2, map_points: 100, "
    "site_pseudonymised: true}"
)


@dataclass(frozen=True)
class Call:
    """One command as it was typed, and how it ended."""

    arguments: tuple[str, ...]
    exit_code: int
    said: str


def commands(group: click.Group = cli, above: tuple[str, ...] = ()) -> Iterator[str]:
    """Every command that the command line has."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*above, name))
        else:
            yield " ".join((*above, name))


class Everything:
    """All calls, in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.calls: list[Call] = []
        self.env = {
            **places_env(folder),
            **TOKENS,
            **SECRETS,
            "TRIBU_PUBLISHED": str(folder / "published.duckdb"),
            "DBT_TARGET_PATH": str(folder / "target"),
            "DBT_LOG_PATH": str(folder / "logs"),
            "DBT_LOG_LEVEL_FILE": "debug",
            "RUNTIME__LOG_LEVEL": "DEBUG",
            "HOME": str(folder / "home"),
        }
        (folder / "home").mkdir()

    def tribu(self, *arguments: str, env: dict[str, str] | None = None) -> Call:
        return self._run([str(Path(sys.executable).with_name("tribu")), *arguments], arguments, env)

    def crashing(self, *arguments: str) -> Call:
        call = self._run([sys.executable, "-c", CRASHES[arguments[0]] + CRASHING, *arguments], arguments, None)
        assert "Traceback" in call.said, call
        assert "a fault of Tribu itself" in call.said, call
        return call

    def dbt(self, *arguments: str) -> Call:
        return self._run([str(Path(sys.executable).with_name("dbt")), *arguments], ("dbt", *arguments), None)

    def _run(self, command: Sequence[str], arguments: tuple[str, ...], env: dict[str, str] | None) -> Call:
        done = subprocess.run(
            command, cwd=ROOT, env=self.env | (env or {}), capture_output=True, text=True, check=False
        )
        self.calls.append(Call(arguments, done.returncode, done.stdout + done.stderr))
        return self.calls[-1]


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Everything:
    folder = tmp_path_factory.mktemp("secrets")
    run = Everything(folder)
    rows = [
        f"instagram,{number},person{number},2026-06-01,{1000 + number * number * 37},{number * 3},{50 + number % 9}"
        for number in range(1, 91)
    ]
    lists = folder / "lists"
    lists.mkdir()
    (accounts := lists / "accounts.csv").write_text(
        "\n".join(["platform,account_id,handle,observed_at,followers,following,posts", *rows]) + "\n"
    )
    (lists / "broken.csv").write_bytes(b"handle\x00\xff\xfe\n")
    assert run.tribu("import", str(accounts)).exit_code == 0
    assert run.tribu("import", str(lists / "broken.csv")).exit_code != 0
    for platform in PLATFORMS:
        with SERVERS[platform]() as server:
            asked = ("collect", platform, "ana", "--url", server.url)
            assert run.tribu(*asked).exit_code == 0, run.calls[-1].said
            if variables := [name for name in SECRETS if platform.upper() in name]:
                wrong = run.tribu(*asked, env=dict.fromkeys(variables, f"{MARK}wrong-token"))
                assert wrong.exit_code == 12, wrong
                assert variables[0] in wrong.said or platform == "tiktok", wrong
                run.crashing(*asked)
    # before the build: after one that failed nothing is reported
    assert run.dbt("--debug", "run", "--select", "rpt_overview", "--vars", "{source: nowhere}").exit_code != 0
    assert run.dbt("build", "--vars", BUILD).exit_code == 0, run.calls[-1].said
    assert run.tribu("publish").exit_code == 0, run.calls[-1].said
    assert run.tribu("expire").exit_code == 0, run.calls[-1].said
    assert run.tribu("status").exit_code == run.tribu("status", "--json").exit_code == 0
    assert run.tribu("mapping", "list").exit_code == 0
    assert run.tribu("mapping", "draft", str(accounts), "--out", str(folder / "draft.yml")).exit_code == 0
    assert run.tribu("mapping", "draft", str(lists / "none.csv")).exit_code != 0
    assert run.tribu("report", "--lang", "en").exit_code == 0
    assert run.tribu("report", "--lang", "en", "--pseudonymise", "--out", str(folder / "shared")).exit_code == 0
    assert run.tribu("report", "--pseudonymise", env={"TRIBU_PSEUDONYM_KEY": MARK}).exit_code == 7
    run.crashing("report", "--pseudonymise")
    for form in ("parquet", "csv", "evidence"):
        assert run.tribu("export", form, str(folder / form)).exit_code == 0
        assert run.tribu("export", form, str(lists)).exit_code == 9
    assert run.tribu("docs").exit_code == 0, run.calls[-1].said
    # before forgetting takes what names the person
    shutil.copytree(folder / "logs", folder / "kept" / "logs")
    shutil.copytree(folder / "target", folder / "kept" / "target")
    run.crashing("forget", "person7", "--platform", "instagram", "--yes")
    assert run.tribu("forget", "person7", "--platform", "instagram", "--yes").exit_code == 0
    assert run.tribu("forget", "nobody_at_all", "--platform", "instagram", "--yes").exit_code == 13
    short = run.tribu("import", str(accounts), "--replace", env={"TRIBU_FORGET_KEY": f"{MARK}other-key-of-nobody-0815"})
    assert short.exit_code != 0, "another key than the list was made with"
    assert run.tribu("import", str(accounts), "--replace").exit_code == 0
    return run


def test_every_command_was_called(everything: Everything) -> None:
    called = {" ".join(call.arguments[:length]) for call in everything.calls for length in (1, 2)}
    assert set(commands()) <= called
    assert set(SERVERS) == set(PLATFORMS)


def test_every_variable_of_the_sources_is_a_place_or_has_a_mark() -> None:
    sources = [
        ROOT / "profiles.yml",
        ROOT / "dbt_project.yml",
        *(path for folder in ("src", "dbt_project", "python_models") for path in (ROOT / folder).rglob("*.*")),
    ]
    texts = (path.read_text(encoding="utf-8") for path in sources if path.suffix in {".py", ".sql", ".yml"})
    names = {name for text in texts for name in re.findall(r"TRIBU_[A-Z_]*[A-Z_]", text)}
    known = {re.sub(r"(?<=TRIBU_TIKTOK_TOKEN_).*", "", name) for name in {*SECRETS, *NOT_SECRET}}
    assert names == known
    assert all(value.startswith(MARK) for value in SECRETS.values())


def test_no_output_has_a_mark(everything: Everything) -> None:
    assert not [call.arguments for call in everything.calls if marks_in(call.said.encode())]


def test_no_file_has_a_mark(everything: Everything) -> None:
    files = [path for path in everything.folder.rglob("*") if path.is_file()]
    kinds = {path.suffix for path in files}
    assert {".parquet", ".duckdb", ".json", ".html", ".csv", ".svg", ".yml"} <= kinds, (
        "all that is written was looked at"
    )
    assert (everything.folder / "kept" / "logs" / "dbt.log").stat().st_size > 100_000
    assert not [path for path in files if any(marks_in(content) for content in contents(path))]


def test_nothing_is_left_at_home(everything: Everything) -> None:
    assert [
        path.name for path in (everything.folder / "home").iterdir() if path.name not in {".duckdb", ".cache"}
    ] == []


@pytest.mark.parametrize("form", ["plain", "base64", "hex", "parquet", "duckdb", "gzip"])
def test_a_mark_would_be_found(tmp_path: Path, form: str) -> None:
    secret = "x:" + SECRETS["TRIBU_X_TOKEN"]
    place = tmp_path / f"file.{form}"
    with duckdb.connect(str(place) if form == "duckdb" else ":memory:") as connection:
        connection.execute("create schema s; create table s.t as select repeat('a', 50000) || ? as value", [secret])
        if form == "parquet":
            connection.execute(f"copy s.t to '{place}' (compression zstd)")
    texts = {
        "plain": secret.encode(),
        "base64": base64.b64encode(secret.encode()),
        "hex": secret.encode().hex().encode(),
        "gzip": gzip.compress(secret.encode()),
    }
    if form in texts:
        place.write_bytes(texts[form])
    assert any(marks_in(content) for content in contents(place))


def marks_in(content: bytes) -> bool:
    """Whether a mark is there, as it is, in hexadecimal or in base64 (from each of its three places)."""
    # of base64 the signs that no neighbour changes: six bits each, of bytes of eight
    inner = [
        base64.b64encode(b"x" * shift + MARK.encode() + b"xxx")[-(-8 * shift // 6) : 8 * (shift + len(MARK)) // 6]
        for shift in range(3)
    ]
    return any(form in content for form in (MARK.encode(), MARK.encode().hex().encode(), *inner))


def contents(path: Path) -> Iterator[bytes]:
    """What is in a file: its bytes, and what they hold where they are packed."""
    raw = path.read_bytes()
    yield raw
    if raw[:2] == b"\x1f\x8b":
        yield gzip.decompress(raw)
    elif path.suffix == ".parquet":
        yield str(pq.ParquetFile(path).read().to_pylist()).encode()
    elif path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as connection:
            tables = connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
            for schema, table in tables:
                rows = connection.execute(f'select cast(t as varchar) from "{schema}"."{table}" as t').fetchall()
                yield "\n".join(row for (row,) in rows).encode()
