"""Header cells: how they compare, and the name that an unmapped column gets in ``extra``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence


def fold_header(cell: str) -> str:
    """Spelling of a header cell on one line: no byte order mark, white space (line breaks too) folded to one space."""
    return " ".join(cell.replace("\ufeff", "").split())


def same_headers(left: Sequence[str], right: Sequence[str]) -> bool:
    """Tell whether two header lines are equal, cell by cell, whatever their case and white space."""
    return [fold_header(cell).casefold() for cell in left] == [fold_header(cell).casefold() for cell in right]


def positions(headers: Sequence[str], name: str) -> list[int]:
    """Indices, from 0, of the columns that bear the header ``name``."""
    wanted = fold_header(name).casefold()
    return [index for index, cell in enumerate(headers) if fold_header(cell).casefold() == wanted]


def header_keys(headers: Sequence[str]) -> list[str]:
    """One distinct key per column: its folded header, repeats marked `` (2)``, `` (3)``; a blank one is ``column 4``.

    The second of two columns headed ``Followers`` is ``Followers (2)`` whether or not the first is mapped, so that
    the key of a column can be told from the header line alone.
    """
    seen: Counter[str] = Counter()
    taken: set[str] = set()
    keys: list[str] = []
    for index, cell in enumerate(headers):
        name = fold_header(cell) or f"column {index + 1}"
        seen[name.casefold()] += 1
        number = seen[name.casefold()]
        key = name if number == 1 else f"{name} ({number})"
        # A file may itself head a column "Followers (2)": count on until the key is free.
        while key.casefold() in taken:
            number += 1
            key = f"{name} ({number})"
        taken.add(key.casefold())
        keys.append(key)
    return keys


def header_difference(expected: Sequence[str], found: Sequence[str]) -> tuple[list[str], list[str]]:
    """Headers that ``found`` lacks and headers that it has too many, repeats counted."""
    want = Counter(fold_header(cell).casefold() for cell in expected)
    have = Counter(fold_header(cell).casefold() for cell in found)
    missing, surplus = want - have, have - want
    return _pick(expected, missing), _pick(found, surplus)


def _pick(cells: Sequence[str], counts: Counter[str]) -> list[str]:
    left = counts.copy()
    picked: list[str] = []
    for cell in cells:
        folded = fold_header(cell)
        if left[folded.casefold()] > 0:
            left[folded.casefold()] -= 1
            picked.append(folded)
    return picked
