"""Conditions on one feature each, and the SQL that says them.

A condition is a set of values of one feature: a half-open interval of numbers or a set of words, with a word on what
is not known. Intersections of conditions are conditions, so bounds merge by themselves.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from tribu.errors import ModelInputError

_IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]*")


@dataclass(frozen=True)
class Condition:
    """What is asked of one feature.

    Attributes
    ----------
    at_least, below
        Bounds of a number, ``at_least <= x < below``; None is no bound.
    equal_to
        The word it must be; None is any.
    not_among
        Words that it must not be; empty where ``equal_to`` says which it is.
    known
        Whether a known value can meet the condition at all.
    unknown
        Whether an unknown value (null) meets it.
    """

    at_least: float | None = None
    below: float | None = None
    equal_to: str | None = None
    not_among: frozenset[str] = frozenset()
    known: bool = True
    unknown: bool = False

    def and_also(self, other: Condition) -> Condition:
        """Return the condition that asks for both."""
        word = self.equal_to if self.equal_to is not None else other.equal_to
        return Condition(
            at_least=max((bound for bound in (self.at_least, other.at_least) if bound is not None), default=None),
            below=min((bound for bound in (self.below, other.below) if bound is not None), default=None),
            equal_to=word,
            not_among=frozenset() if word is not None else self.not_among | other.not_among,
            known=self.known and other.known,
            unknown=self.unknown and other.unknown,
        )

    def weaker(self) -> list[Condition]:
        """List the conditions that ask for less by one bound, or accept the unknown without being told to."""
        fewer = []
        if self.at_least is not None and self.below is not None:
            fewer += [replace(self, at_least=None), replace(self, below=None)]
        fewer += [replace(self, not_among=self.not_among - {word}) for word in sorted(self.not_among)[:-1]]
        if self.unknown and self.known:
            fewer.append(replace(self, unknown=False))
        return fewer

    def holds(self, values: NDArray[np.float64] | NDArray[np.str_]) -> NDArray[np.bool_]:
        """Say for each value whether it meets the condition, shape (rows,); a number that is NaN is unknown."""
        if values.dtype.kind != "f":
            words = np.asarray(values, dtype=np.str_)
            met = words == self.equal_to if self.equal_to is not None else np.ones(len(words), dtype=bool)
            return np.asarray(met & ~np.isin(words, sorted(self.not_among)), dtype=bool)
        numbers = np.asarray(values, dtype=np.float64)
        unknown = np.isnan(numbers)
        within = ~unknown & self.known
        if self.at_least is not None:
            within &= numbers >= self.at_least
        if self.below is not None:
            within &= numbers < self.below
        return np.asarray(within | (unknown & self.unknown), dtype=bool)

    def sql(self, column: str) -> str:
        """Write the condition on ``column`` as SQL; nulls fall where the condition says."""
        if not _IDENTIFIER.fullmatch(column):
            raise ModelInputError(
                expected="a feature named in lower case letters, digits and underscores",
                got=repr(column),
                remedy="rename it in macro feature_catalogue",
            )
        if not self.known:
            return f"{column} is null"
        if self.equal_to is not None:
            return f"{column} = {sql_text(self.equal_to)}"
        if self.not_among:
            words = [sql_text(word) for word in sorted(self.not_among)]
            return f"{column} != {words[0]}" if len(words) == 1 else f"{column} not in ({', '.join(words)})"
        bounds = [
            f"{column} {sign} {sql_number(bound)}"
            for sign, bound in ((">=", self.at_least), ("<", self.below))
            if bound is not None
        ]
        if not bounds:
            return f"{column} is not null"
        if not self.unknown:
            return " and ".join(bounds)
        between = bounds[0] if len(bounds) == 1 else f"({' and '.join(bounds)})"
        return f"({between} or {column} is null)"


Path = Mapping[str, Condition]
"""Conditions that must all hold, by feature."""


def path_sql(path: Path, order: Sequence[str]) -> str:
    """Join the conditions of a path with ``and``, features in ``order``; no condition is ``true``."""
    return " and ".join(path[feature].sql(feature) for feature in order if feature in path) or "true"


def rule_sql(paths: Sequence[Path], order: Sequence[str]) -> str:
    """Join the paths of a rule with ``or``."""
    written = [path_sql(path, order) for path in paths]
    if len(written) == 1:
        return written[0]
    return " or ".join(f"({path})" if " and " in path else path for path in written)


def sql_number(value: float) -> str:
    """Write a number as a SQL literal without an exponent: ``120000``, ``0.03``, ``-0.5``."""
    if not math.isfinite(value):
        raise ValueError(f"no literal for {value}")
    # + 0.0 turns -0.0 into 0.0
    text = format(Decimal(repr(float(value) + 0.0)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def sql_text(value: str) -> str:
    """Write a word as a SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def round_significant(value: float, digits: int) -> float:
    """Round to a number of significant digits: 0.03217 with two is 0.032, 118,402 is 120,000."""
    if value == 0 or not math.isfinite(value):
        return value
    return round(value, digits - 1 - math.floor(math.log10(abs(value))))
