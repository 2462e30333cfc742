"""One draft beside the shipped mapping of the same file, column by column."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tribu.errors import TribuError
from tribu.landing.catalog import shipped_mappings
from tribu.landing.drafting.draft import Draft, draft_mapping
from tribu.landing.drafting.profiles import ColumnProfile, equal_share
from tribu.landing.files import find_files, open_files
from tribu.landing.fitting import fit_file
from tribu.landing.headers import header_keys
from tribu.landing.mapping import Variant

Targets = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Wrong:
    """A column that the draft takes for something else; ``asked`` when it says that it is unsure there."""

    header: str
    drafted: str
    shipped: str
    asked: bool


@dataclass(frozen=True)
class Comparison:
    """Columns of one file: all, those as shipped, and those that are as shipped but for taking the twin of a column.

    ``mapped`` counts the columns that the shipped mapping maps, ``mapped_right`` those that are right (twins too).
    """

    file: str
    variant: str
    columns: int
    as_shipped: int
    with_twins: int
    mapped: int
    mapped_right: int
    platform_right: bool
    to_settle: int
    wrong: tuple[Wrong, ...]


def shipped_files(data: Path) -> Iterator[tuple[Path, Variant]]:
    """The first file below ``data`` of every variant that ships."""
    shipped = shipped_mappings()
    seen: set[str] = set()
    for path, name in find_files([data]):
        with tempfile.TemporaryDirectory() as folder:
            try:
                # Of an archive or a workbook, the first is what a draft is made of.
                file = next(open_files(path, name, Path(folder)))
                fit = fit_file(file, chosen=None, shipped=shipped, platform=None, observed_at=None)
            except (TribuError, StopIteration):
                continue
        if fit.variant.label not in seen:
            seen.add(fit.variant.label)
            yield path, fit.variant


def compare(path: Path, variant: Variant) -> Comparison:
    """Draft a mapping for ``path`` and hold it against ``variant``."""
    draft = draft_mapping(path)
    keys = header_keys(variant.headers)
    shipped = _shipped_targets(variant)
    drafted: list[Targets] = [
        frozenset((table, name) for table in column.tables for name in (column.column, *column.parts) if name)
        for column in draft.columns
    ]
    as_shipped = [one == other for one, other in zip(drafted, shipped, strict=True)]
    right = [same or _is_twin(index, drafted, shipped, draft) for index, same in enumerate(as_shipped)]
    wrong = tuple(
        Wrong(
            keys[index],
            _shown(drafted[index]),
            _shown(shipped[index]),
            any(column in draft.unsettled for _, column in drafted[index] | shipped[index]),
        )
        for index, good in enumerate(right)
        if not good
    )
    constants = {table.constants.get("platform") for table in variant.tables}
    return Comparison(
        file=path.name,
        variant=variant.label,
        columns=len(keys),
        as_shipped=sum(as_shipped),
        with_twins=sum(right),
        mapped=sum(bool(one) for one in shipped),
        mapped_right=sum(good for good, one in zip(right, shipped, strict=True) if one),
        platform_right=constants == {draft.platform},
        to_settle=len(draft.unsettled),
        wrong=wrong,
    )


def _shipped_targets(variant: Variant) -> list[Targets]:
    return [
        frozenset(
            (table.table, column) for table in variant.tables for column, at in table.columns.items() if at == index
        )
        for index in range(len(variant.headers))
    ]


def _is_twin(index: int, drafted: list[Targets], shipped: list[Targets], draft: Draft) -> bool:
    """Tell whether draft and shipped mapping take two columns of equal numbers the other way round."""
    cells = [
        ColumnProfile(header, [row[at] for row in draft.sample.records])
        for at, header in enumerate(draft.sample.headers)
    ]
    return any(
        (drafted[index], shipped[index]) == (shipped[other], drafted[other])
        and bool(drafted[index]) != bool(shipped[index])
        and equal_share(cells[index], cells[other]) >= 0.9
        for other in range(len(drafted))
        if other != index
    )


def _shown(targets: Targets) -> str:
    return " and ".join(sorted({column for _, column in targets})) or "extra"
