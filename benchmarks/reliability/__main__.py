"""Kill every command at random moments, and print what was left: the table of docs/reliability.md."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.reliability.crashes import Crashes, Left
from benchmarks.reliability.states import States, commands

# The quick ones more often: 210 in all.
KILLS = {"import": 45, "collect": 35, "build": 30, "publish": 35, "report": 35, "forget": 30}

_HEADER = [
    *("command", "kills", "seconds after it began to write", "left behind", "generation at once: old, new, mixed"),
    *("mixed after the next command", "rebuilds held against", "did not hold"),
]


def table(left: Sequence[Left]) -> str:
    """Kills by command: when, what they left, and what did not hold."""
    lines = [_HEADER, ["---"] * len(_HEADER)]
    for command in dict.fromkeys(one.command for one in left):
        mine = [one for one in left if one.command == command]
        remains = Counter(kind for one in mine for kind in one.remains)
        at_once = Counter(one.generation_at_once for one in mine)
        wrong = Counter(what for one in mine for what in one.wrong)
        lines.append(
            [
                f"`{'dbt' if command == 'build' else 'tribu'} {command}`",
                str(len(mine)),
                f"{min(one.seconds for one in mine):.2f} to {max(one.seconds for one in mine):.2f}",
                ", ".join(f"{kind} ({count})" for kind, count in remains.most_common()) or "nothing",
                f"{at_once['old']}, {at_once['new']}, {at_once['mixed']}",
                str(sum(one.generation == "mixed" for one in mine)),
                str(sum(one.rebuilt for one in mine)),
                "; ".join(f"{what} ({count})" for what, count in wrong.most_common()) or "nothing",
            ]
        )
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _kills(left: Sequence[Left], command: str) -> int:
    return sum(one.command == command for one in left)


def main() -> None:
    """Print the table; ``--log`` keeps every kill, and a second call goes on with it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reliability", description=__doc__)
    parser.add_argument("--seed", type=int, default=20261123)
    parser.add_argument("--commands", nargs="*", default=list(KILLS), choices=list(KILLS))
    parser.add_argument("--kills", type=int, help="kills of each command; by default 210 in all")
    parser.add_argument("--log", type=Path, help="file that every kill is added to as a line of JSON")
    parser.add_argument("--folder", type=Path, help="folder to work in, kept for the next call")
    given = parser.parse_args()
    left: list[Left] = []
    if given.log and given.log.exists():
        rows = [json.loads(line) for line in given.log.read_text(encoding="utf-8").splitlines()]
        left = [Left(**{**row, "remains": tuple(row["remains"]), "wrong": tuple(row["wrong"])}) for row in rows]
    with tempfile.TemporaryDirectory() as temporary:
        states = States(given.folder or Path(temporary))
        with states.server:
            crashes = {
                name: Crashes(states, commands(states.people)[name], given.seed + len(left)) for name in given.commands
            }
            # One of each in turn: whoever stops it early has some of all.
            while names := [name for name in given.commands if _kills(left, name) < (given.kills or KILLS[name])]:
                for name in names:
                    if (one := crashes[name].kill()) is None:
                        continue
                    left.append(one)
                    if given.log:
                        with given.log.open("a", encoding="utf-8") as log:
                            log.write(json.dumps(asdict(one)) + "\n")
    print(table(left))


if __name__ == "__main__":
    main()
