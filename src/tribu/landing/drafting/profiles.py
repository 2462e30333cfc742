"""What a column's values say together: how many are of each kind, how they repeat, how large they are. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from statistics import median
from typing import Final

from tribu.landing.drafting.values import (
    UNKNOWN_PLACES,
    country_code,
    date_parts,
    is_null,
    kinds,
    parse_number,
    platform_of_address,
    separator,
)

_LOOKED_AT: Final = 600
"""Distinct values whose kinds are told; more change a share by a few hundredths."""


@dataclass(frozen=True)
class ColumnProfile:
    """The values of one column of a sample.

    Parameters
    ----------
    header
        Its header cell.
    cells
        Its cells, row by row; those of other columns stand in the same places.
    """

    header: str
    cells: Sequence[str] = field(repr=False)

    @cached_property
    def values(self) -> list[str]:
        """Cells that say something."""
        return [cell.strip() for cell in self.cells if not is_null(cell)]

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each value occurs."""
        return Counter(self.values)

    @cached_property
    def _looked_at(self) -> list[str]:
        distinct = list(self.counts)
        return distinct[:: max(1, len(distinct) // _LOOKED_AT)]

    @cached_property
    def _kinds(self) -> Counter[str]:
        # Distinct values, so that one that repeats does not speak for all. "Unknown" is no other kind of value.
        found = [kinds(value) for value in self._looked_at if value.lower() not in UNKNOWN_PLACES or value == "0"]
        return Counter({"": len(found)}) + Counter(kind for one in found for kind in one)

    def share(self, kind: str) -> float:
        """Share of the distinct values that may be of ``kind``, 0 to 1; 0 without values."""
        return self._kinds[kind] / self._kinds[""] if self._kinds[""] else 0.0

    @cached_property
    def distinct(self) -> float:
        """Distinct values per value, 0 to 1."""
        return len(self.counts) / len(self.values) if self.values else 0.0

    @cached_property
    def null_share(self) -> float:
        """Share of the cells that say nothing."""
        return 1 - len(self.values) / len(self.cells) if self.cells else 1.0

    @cached_property
    def numbers(self) -> list[float | None]:
        """Cells as numbers, row by row; decimal commas only where the column's marks say so."""
        comma = self.separators[","] > self.separators["."]
        return [None if is_null(cell) else parse_number(cell, comma=comma) for cell in self.cells]

    @cached_property
    def middle(self) -> float | None:
        """Median of the numbers."""
        known = [number for number in self.numbers if number is not None]
        return median(known) if known else None

    @cached_property
    def separators(self) -> Counter[str]:
        """Distinct numbers with a decimal comma (``,``), a decimal point (``.``), or a mark of either kind (``?``)."""
        marks = (separator(value) for value in self._looked_at if "number" in kinds(value))
        return Counter(mark for mark in marks if mark)

    @cached_property
    def is_sequence(self) -> bool:
        """Tell whether the column numbers the rows: whole numbers that only rise, nearly by one each."""
        known = [number for number in self.numbers if number is not None]
        if len(known) < 5 or len(known) < 0.95 * len(self.cells) or self.distinct < 0.95:
            return False
        rises = sum(later > earlier for earlier, later in pairwise(known))
        # Parts of the file are left out between the parts of a sample.
        by_one = sum(later - earlier == 1 for earlier, later in pairwise(known))
        return rises >= 0.97 * (len(known) - 1) and by_one >= 0.9 * (len(known) - 1)

    @cached_property
    def years(self) -> float:
        """Share of the numbers that are whole and from 1900 to 2100."""
        known = [number for number in self.numbers if number is not None]
        return sum(1900 <= one <= 2100 and one == int(one) for one in known) / len(known) if known else 0.0

    @cached_property
    def platforms(self) -> Counter[str]:
        """Networks that addresses in the column belong to."""
        return Counter(name for value in self._looked_at if (name := platform_of_address(value)))

    @cached_property
    def date_orders(self) -> frozenset[str]:
        """Orders that every date of three numbers fits; empty where the column holds none, or contradicts itself."""
        parts = [found for value in self._looked_at if (found := date_parts(value))]
        if not parts:
            return frozenset()
        fits = {"dmy": all(b <= 12 for _, b in parts), "mdy": all(a <= 12 for a, _ in parts)}
        return frozenset(order for order, fitting in fits.items() if fitting)

    @cached_property
    def length(self) -> float:
        """Mean length of the distinct values, in characters."""
        return sum(map(len, self._looked_at)) / len(self._looked_at) if self._looked_at else 0.0

    @cached_property
    def odd_nulls(self) -> list[str]:
        """Texts that repeat in a column of numbers or dates and are neither: spellings of "nothing" of its own."""
        if max(self.share("number"), self.share("date")) < 0.6:
            return []
        odd = [value for value in self.counts if not kinds(value) & {"number", "date", "duration"}]
        return [value for value in odd if self.counts[value] >= 2 and len(value) <= 20][:5]


def ratio(left: ColumnProfile, right: ColumnProfile) -> float | None:
    """Median of left over right in the rows where both are numbers above zero; None with fewer than three."""
    pairs = zip(left.numbers, right.numbers, strict=True)
    quotients = [one / other for one, other in pairs if one and other and one > 0 and other > 0]
    return median(quotients) if len(quotients) >= 3 else None


def equal_share(left: ColumnProfile, right: ColumnProfile) -> float:
    """Share of the rows with both numbers in which they are equal, but for rounding (6 %)."""
    pairs = [
        (one, other)
        for one, other in zip(left.numbers, right.numbers, strict=True)
        if one is not None and other is not None
    ]
    near = sum(abs(one - other) <= 0.06 * max(abs(one), abs(other)) for one, other in pairs)
    return near / len(pairs) if pairs else 0.0


def same_countries(left: ColumnProfile, right: ColumnProfile) -> float:
    """Share of the rows naming a country on both sides in which it is the same one (``US`` and ``United States``)."""
    if min(left.share("country"), right.share("country")) < 0.6:
        return 0.0
    pairs = [(country_code(one), country_code(other)) for one, other in zip(left.cells, right.cells, strict=True)]
    named = [(one, other) for one, other in pairs if one and other]
    return sum(one == other for one, other in named) / len(named) if named else 0.0


def constant_within(values: ColumnProfile, keys: ColumnProfile) -> float:
    """Share of the keys that occur at least twice under which ``values`` has one value; 0 when no key repeats."""
    seen: dict[str, set[str]] = {}
    repeated: Counter[str] = Counter()
    for value, key in zip(values.cells, keys.cells, strict=True):
        if not is_null(key):
            seen.setdefault(key, set()).add(value)
            repeated[key] += 1
    often = [key for key, count in repeated.items() if count > 1]
    return sum(len(seen[key]) == 1 for key in often) / len(often) if often else 0.0
