"""`tribu collect` as it is typed: what it prints, where it stops, and how it goes on."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import ROOT, places_env, run_tribu
from tests.networks.bluesky import BlueskyServer, Person
from tests.networks.server import Answer, Fault


@pytest.fixture
def server() -> Iterator[BlueskyServer]:
    with BlueskyServer([Person(number, f"person{number}.test") for number in range(1, 13)]) as running:
        yield running
        assert running.violations == []


def test_a_dry_run_asks_nothing(tmp_path: Path, server: BlueskyServer) -> None:
    handles = tmp_path / "handles.txt"
    handles.write_text(
        "# of spring\n  # and of summer\n\n" + "\n".join(f"@person{number}.test" for number in range(1, 51)) + "\n"
    )
    done = run_tribu(
        tmp_path, "collect", "bluesky", "--handles", str(handles), "--dry-run", "--json", "--url", server.url
    )

    plan = json.loads(done.stdout)
    assert (plan["accounts"], plan["requests_at_most"]) == (50, 2 + 50 * 2)
    assert server.log == []
    assert not (tmp_path / "landing").exists()


def test_a_stopped_run_shows_in_status_and_goes_on(tmp_path: Path, server: BlueskyServer) -> None:
    late = Answer({"error": "RateLimitExceeded"}, 429, {"RateLimit-Reset": "9999999999"})
    server.faults.append(Fault("getAuthorFeed", after=7, answer=late))
    names = [one.handle for one in server.people]
    first = run_tribu(tmp_path, "collect", "bluesky", *names, "--url", server.url, "--json")

    assert first.returncode == 12
    counts = json.loads(first.stdout)
    assert (counts["status"], counts["accounts_settled"], counts["posts_landed"]) == ("incomplete", 7, 21)
    assert "7, for the rate limit is reached" in first.stderr
    assert "--resume" in first.stderr
    status = run_tribu(tmp_path, "status")
    assert "5 of 12 accounts missing (the rate limit is reached" in status.stdout
    (run,) = json.loads(run_tribu(tmp_path, "status", "--json").stdout)["landing"]["incomplete_runs"]
    assert run["accounts_missing"] == 5

    asked = len(server.log)
    second = run_tribu(tmp_path, "collect", "bluesky", "--resume", "--url", server.url)
    assert second.returncode == 0, second.stderr
    # One request for five profiles, one for the posts of each.
    assert len(server.log) - asked == 6
    assert "incomplete" not in run_tribu(tmp_path, "status").stdout
    assert run_tribu(tmp_path, "collect", "bluesky", "--resume", "--url", server.url).returncode == 11


def test_dlt_tells_nobody_and_leaves_nothing_at_home(tmp_path: Path, server: BlueskyServer) -> None:
    home = tmp_path / "home"
    home.mkdir()
    env = {**places_env(tmp_path), "HOME": str(home), "RUNTIME__DLTHUB_TELEMETRY": "true"}
    command = [str(Path(sys.executable).with_name("tribu")), "collect", "bluesky", "person1.test", "--url", server.url]
    # Every other host is out of reach, and asking for one would fail the run.
    env |= {"HTTPS_PROXY": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert list(home.rglob("*")) == []
    assert {path.name for path in tmp_path.iterdir()} == {"home", "landing"}


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        (["mastodon", "a"], "expected the address of mastodon with https://", 11),
        (["bluesky", "a", "--url", "http://elsewhere.invalid"], "with https://", 11),
        (["bluesky", "a", "--url", "http://127.0.0.1.elsewhere.invalid"], "with https://", 11),
        (["bluesky", "a", "--url", "https://[::1"], "with https://", 11),
        (["bluesky", "a", "--url", "https://elsewhere.invalid:80x"], "with https://", 11),
        (["bluesky", "a", "--url", "https://name:word@elsewhere.invalid"], "with https://", 11),
        (["mastodon", "a", "--url", "https://elsewhere.invalid/?a=b"], "with https://", 11),
        (["bluesky"], "name at least one HANDLE", 2),
        (["bluesky", "a", "--resume"], "give no handles", 2),
        (["bluesky", "--handles", "nowhere.txt"], "No such file", 3),
        (["twitch", "a"], "is not one of", 2),
    ],
)
def test_what_cannot_be_asked_is_said(tmp_path: Path, arguments: list[str], said: str, code: int) -> None:
    done = run_tribu(tmp_path, "collect", *arguments)

    assert said in done.stderr
    assert done.returncode == code
