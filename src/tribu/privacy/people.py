"""Who is meant: the names and ids under which one account of a platform is kept."""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pyarrow.parquet as pq

from tribu.errors import ForgetError
from tribu.landing.forgotten import folded

_SEEDS: Final = Path("seeds", "reference")


@dataclass(frozen=True)
class Person:
    """One account.

    Attributes
    ----------
    platform
        Code of the network.
    spellings
        Names under which landing may know the network, folded.
    names
        Every handle and id of the account, folded.
    keys
        Keys of the account in the warehouse.
    """

    platform: str
    spellings: frozenset[str]
    names: frozenset[str]
    keys: frozenset[str] = frozenset()

    def pattern(self) -> re.Pattern[str]:
        """What finds the person in any text, also as JSON and addresses write it; no part of a longer word."""
        written = set(self.keys)
        for name in self.names:
            written |= {name, quote(name), name.encode("unicode_escape").decode()}
        words = "|".join(sorted(map(re.escape, written)))
        return re.compile(rf"(?<![\w])(?:{words})(?![\w])", re.IGNORECASE)


def find_person(root: Path, landing: Path, platform: str, name: str) -> Person:
    """Find every handle and id of the account that a handle or id names.

    Handles that share an account's id are its own, and those that the seed ``handle_renames`` calls the same.

    Raises
    ------
    ForgetError
        When the platform is unknown, or the handle was used by several accounts with ids.
    """
    spellings = _spellings(root, platform)
    code = spellings[platform.strip().lower()]
    same = frozenset(spelling for spelling, meant in spellings.items() if meant == code)
    pairs = set(_pairs(landing, same))
    names = _renamed({folded(name)}, root, same)
    ids = {account_id for handle, account_id in pairs if account_id and names & {handle, account_id}}
    if len(ids) > 1:
        raise ForgetError(
            expected="one account",
            got=f"{len(ids)} that used this handle, with the ids {', '.join(sorted(ids))}",
            remedy="give the id in the place of the handle",
        )
    names |= ids | {handle for handle, account_id in pairs if handle and account_id in ids}
    return Person(code, same, frozenset(_renamed(names, root, same)))


def near_names(landing: Path, person: Person, name: str) -> list[str]:
    """Handles of the platform that are written much like ``name``."""
    handles = {handle for handle, _ in _pairs(landing, person.spellings) if handle}
    return difflib.get_close_matches(folded(name), sorted(handles), n=3, cutoff=0.8)


def own_files(root: Path, person: Person) -> list[str]:
    """Places in seeds, which are the user's own files and are not changed, that name the person."""
    pattern = person.pattern()
    found = []
    for path in sorted((root / _SEEDS).glob("*.csv")):
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            if pattern.search(line):
                found.append(f"{path.relative_to(root)}:{number}")
    return found


def _spellings(root: Path, platform: str) -> dict[str, str]:
    with (root / _SEEDS / "platforms.csv").open(encoding="utf-8", newline="") as stream:
        spellings = {row["platform_name"]: row["platform"] for row in csv.DictReader(stream)}
    if platform.strip().lower() not in spellings:
        raise ForgetError(
            expected=f"a platform: {', '.join(sorted(set(spellings.values())))}",
            got=repr(platform),
            remedy="name one of these",
        )
    return spellings


def _pairs(landing: Path, spellings: Iterable[str]) -> Iterator[tuple[str | None, str | None]]:
    """Handle and id of every record of a platform, folded."""
    columns = ["platform", "handle", "account_id"]
    for table in ("accounts", "posts", "collections"):
        for path in sorted((landing / table).glob("*.parquet")):
            rows = pq.ParquetFile(path).read(columns=columns).group_by(columns).aggregate([]).to_pylist()
            for row in rows:
                if (row["platform"] or "").strip().lower() in spellings:
                    yield (
                        folded(row["handle"]) if row["handle"] else None,
                        folded(row["account_id"]) if row["account_id"] else None,
                    )


def _renamed(names: set[str], root: Path, spellings: Iterable[str]) -> set[str]:
    path = root / _SEEDS / "handle_renames.csv"
    if not path.is_file():
        return names
    with path.open(encoding="utf-8", newline="") as stream:
        pairs = [
            {folded(row["old_handle"]), folded(row["new_handle"])}
            for row in csv.DictReader(stream)
            if row["verdict"] == "same" and row["platform"].strip().lower() in spellings
        ]
    found = set(names)
    for _ in pairs:
        for pair in pairs:
            if pair & found:
                found |= pair
    return found
