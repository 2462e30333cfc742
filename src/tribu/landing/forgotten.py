"""People who asked to be forgotten: what landing keeps of them, and how their records stay out of it.

Landing keeps keyed hashes (HMAC-SHA-256, RFC 2104) of their names and ids in one file, and the key lies beside the
folder or in the environment: handles are public, so plain hashes could be found again by hashing every handle.
"""

from __future__ import annotations

import hmac
import json
import os
import re
import secrets
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from tribu.errors import LandingError

LIST: Final = "forgotten.json"
"""File in the landing folder with the hashes."""

KEY_FILE: Final = "forget.key"
"""File beside the landing folder with the key, unless the environment has it."""

KEY_VARIABLE: Final = "TRIBU_FORGET_KEY"

DISTINCTIVE: Final = 8
"""Letters from which a name counts wherever it stands. A shorter one may be a word of the language: it counts behind
``@``, ``#`` or ``/`` only."""

_KEY_LEAST: Final = 16
_TOKEN: Final = re.compile(r"([@#/]?)(\w(?:[\w.\-]*\w)?)")
_JOINT: Final = re.compile(r"([.\-])")
_NO_TEXT: Final = frozenset(
    {
        "source",
        "platform",
        "observed_at",
        "number_locale",
        "_file_sha256",
        "_batch_id",
        "reason",
        "account_id",
        "handle",
    }
)


def folded(name: str) -> str:
    """Return a handle or an id as it is compared: without ``@`` and in one case."""
    return name.strip().lstrip("@").casefold()


@dataclass
class Forgotten:
    """The hashes of a landing folder and their key."""

    key: bytes
    hashes: set[str] = field(default_factory=set)
    _known: dict[tuple[str, str], bool] = field(default_factory=dict)

    def add(self, platforms: Iterable[str], names: Iterable[str]) -> None:
        """Take a person in: every spelling of the platform with every handle and id."""
        for name in map(folded, names):
            self.hashes.add(self._hash("", name))
            self.hashes.update(self._hash(platform.strip().lower(), name) for platform in platforms)
        self._known.clear()

    def has(self, platform: str | None, name: str | None) -> bool:
        """Tell whether a handle or id of a platform (None: of any) is a forgotten person's."""
        if not name:
            return False
        place = ((platform or "").strip().lower(), folded(name))
        if place not in self._known:
            self._known[place] = self._hash(*place) in self.hashes
        return self._known[place]

    def scrubbed(self, text: str, platform: str | None) -> str:
        """Return a text of somebody else without the names of forgotten people."""

        def left(match: re.Match[str]) -> str:
            mark, token = match[1], match[2]
            if self.has(None, token) if len(token) >= DISTINCTIVE else bool(mark) and self.has(platform, token):
                return ""
            return mark + self._within(token)

        return _TOKEN.sub(left, text)

    def _within(self, token: str) -> str:
        """Return a token such as ``name.com`` without the part that is a name."""
        parts = _JOINT.split(token)
        # Parts and what joins them take turns; the longest run of parts first.
        for length in range(len(parts) - 2, 0, -2):
            for start in range(0, len(parts) - length + 1, 2):
                name = "".join(parts[start : start + length])
                if len(name) >= DISTINCTIVE and self.has(None, name):
                    return "".join(parts[:start] + parts[start + length :])
        return token

    def _hash(self, platform: str, name: str) -> str:
        return hmac.digest(self.key, f"{platform}\0{name}".encode("utf-8", errors="replace"), "sha256").hex()


def read_forgotten(landing: Path) -> Forgotten | None:
    """Read the list; None when nobody was forgotten.

    Raises
    ------
    LandingError
        When the list is damaged, or its key is gone or another one: forgotten people would come back.
    """
    path = landing / LIST
    if not path.exists():
        return None
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        check, hashes = str(stored["check"]), set(map(str, stored["hashes"]))
    except (OSError, ValueError, KeyError, TypeError):
        raise LandingError(
            expected=f"the list of forgotten people in {path}",
            got="a file that cannot be read",
            remedy="restore it from a copy; without it they would come back",
        ) from None
    key = _stored_key(landing)
    if key is None or not hmac.compare_digest(check, _check(key)):
        raise LandingError(
            expected=f"the key that {path} was made with, in {KEY_VARIABLE} or {landing.parent / KEY_FILE}",
            got="no key" if key is None else "another key",
            remedy="restore the key; without it people who were forgotten would come back",
        )
    return Forgotten(key, hashes)


def open_forgotten(landing: Path) -> Forgotten:
    """Read the list, or begin one; a key is made where there is none."""
    known = read_forgotten(landing)
    if known is not None:
        return known
    key = _stored_key(landing)
    if key is None:
        key = secrets.token_hex(32).encode()
        _write(landing.parent / KEY_FILE, key)
    return Forgotten(key)


def write_forgotten(landing: Path, forgotten: Forgotten) -> None:
    """Write the list whole or not at all."""
    content = {"check": _check(forgotten.key), "hashes": sorted(forgotten.hashes)}
    _write(landing / LIST, (json.dumps(content, indent=1) + "\n").encode())


@dataclass(frozen=True)
class Left:
    """What is left of a table without forgotten people.

    Attributes
    ----------
    table
        The table, the same object when nothing changed.
    gone
        Records left out, by their file's SHA-256 (by ``""`` where the table does not know it).
    scrubbed
        Records of others that lost a name.
    """

    table: pa.Table
    gone: Counter[str]
    scrubbed: int

    @property
    def changed(self) -> bool:
        """Whether the table is another one."""
        return bool(self.gone) or self.scrubbed > 0


def without_forgotten(table: pa.Table, name: str, forgotten: Forgotten) -> Left:
    """Leave out the records of forgotten people, and their names in the records of others.

    A rejected record cannot be taken apart: it is left out when it names one of them anywhere. Names are known by their
    keyed hashes only, so that SQL cannot look for them.

    Parameters
    ----------
    table
        A landing table, or some rows of one.
    name
        Which one: ``accounts``, ``posts``, ``rejects``, ``imports``, ``collections`` or ``runs``.
    forgotten
        The list.
    """
    kept: list[dict[str, Any]] = []
    gone: Counter[str] = Counter()
    scrubbed = 0
    for row in table.to_pylist():
        platform = row.get("platform")
        if _is_theirs(row, name, platform, forgotten):
            gone[row.get("_file_sha256") or ""] += 1
            continue
        fresh = {column: _fresh(column, value, platform, forgotten) for column, value in row.items()}
        scrubbed += fresh != row
        kept.append(fresh)
    if gone or scrubbed:
        table = pa.Table.from_pylist(kept, schema=table.schema)
    return Left(table, gone, scrubbed)


def _is_theirs(row: dict[str, Any], name: str, platform: str | None, forgotten: Forgotten) -> bool:
    if name in ("imports", "runs"):
        return False
    if name == "rejects":
        text = row["raw_text"] or ""
        # Of no stated platform; a record of one cell is the name itself, however short.
        return forgotten.has(None, text) or forgotten.scrubbed(text, None) != text
    if any(forgotten.has(platform, row.get(column)) for column in ("account_id", "handle", "asked")):
        return True
    if row.get("account_id") or row.get("handle"):
        return False
    address = row.get("profile_url") or row.get("url") or ""
    return forgotten.scrubbed(address, platform) != address


def _fresh(column: str, value: Any, platform: str | None, forgotten: Forgotten) -> Any:
    if column == "remaining":
        return [one for one in value if not forgotten.has(platform, one)]
    if not isinstance(value, str) or column in _NO_TEXT:
        return value
    return forgotten.scrubbed(value, platform)


def _stored_key(landing: Path) -> bytes | None:
    given = os.environ.get(KEY_VARIABLE, "")
    if given:
        if len(given) < _KEY_LEAST:
            raise LandingError(
                expected=f"at least {_KEY_LEAST} characters in {KEY_VARIABLE}",
                got=f"{len(given)}",
                remedy="set the longer one that the list was made with",
            )
        return given.encode()
    try:
        return (landing.parent / KEY_FILE).read_bytes().strip() or None
    except FileNotFoundError:
        return None


def _check(key: bytes) -> str:
    return hmac.digest(key, b"tribu forgotten people", "sha256").hex()


def _write(path: Path, content: bytes) -> None:
    draft = path.with_name(f".{path.name}-{secrets.token_hex(3)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, content)
        os.fsync(handle)
    finally:
        os.close(handle)
    draft.replace(path)
