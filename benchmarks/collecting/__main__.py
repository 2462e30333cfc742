"""Run every server and every kill, and print what came of it: tables for docs/collecting.md, or ``--json``."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.collecting.scenarios import Collected, Left, run_killed, run_scenario, run_third_party, scenarios
from tests.networks.killing import STAGES

LABELS = {
    "bluesky": "Bluesky",
    "mastodon": "Mastodon",
    "youtube": "YouTube",
    "instagram": "Instagram",
    "x": "X",
    "tiktok": "TikTok",
}


def servers(folder: Path) -> list[Collected]:
    """A run of each server, in subfolders."""
    runs = [run_scenario(scenario, folder / scenario.platform) for scenario in scenarios()]
    return [*runs[:2], run_third_party(folder / "third_party"), *runs[2:]]


def kills(folder: Path) -> list[Left]:
    """A killed and finished run for each stage, in subfolders."""
    return [run_killed(stage, folder / f"stage{number}") for number, stage in enumerate(STAGES)]


def _markdown(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def requests_table(runs: Sequence[Collected]) -> str:
    """Requests, retries and rows of each server."""
    return _markdown(
        ["server", "held against", "accounts", "requests", "retries", "rows read", "landed", "duplicate", "rejected"],
        [
            [
                *(LABELS[run.network], run.held_against, run.asked, run.requests, run.retries),
                *(f"{count:,}" for count in (run.read, run.landed, run.duplicate, run.rejected)),
            ]
            for run in runs
        ],
    )


def counts_table(runs: Sequence[Collected]) -> str:
    """Posts that profiles state against those that came."""
    return _markdown(
        ["server", "outcomes", "profiles that state a number", "posts stated", "posts received", "short"],
        [
            [
                f"{LABELS[run.network]}{' (others)' if 'others' in run.held_against else ''}",
                ", ".join(f"{count} {outcome}" for outcome, count in run.outcomes.items()),
                run.accounts_stating,
                f"{run.posts_stated:,}",
                f"{run.posts_received:,}",
                "; ".join(run.shortfalls) or "none",
            ]
            for run in runs
        ],
    )


def kills_table(left: Sequence[Left]) -> str:
    """What kill -9 left, and what going on took."""
    return _markdown(
        [
            *("killed while", "profiles landed", "posts landed", "missing"),
            *("requests to finish", "feeds asked twice", "profiles at last", "posts at last", "rows twice"),
        ],
        [list(asdict(one).values()) for one in left],
    )


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.collecting", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the counts as JSON")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        runs, left = servers(Path(folder)), kills(Path(folder))
    if given.json:
        print(json.dumps({"servers": [asdict(run) for run in runs], "kills": [asdict(one) for one in left]}, indent=2))
        return
    print("\n\n".join([requests_table(runs), counts_table(runs), kills_table(left)]))


if __name__ == "__main__":
    main()
