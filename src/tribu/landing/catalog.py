"""Which mapping a file fits: the one that was asked for, landing columns as they are, or the shipped one that fits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from tribu.errors import MappingError
from tribu.landing.contract import TABLE_COLUMNS
from tribu.landing.headers import fold_header, header_difference
from tribu.landing.mapping import Mapping, Variant, landing_columns_variant
from tribu.landing.mapping_file import read_mapping

SHIPPED: Final = Path(__file__).parent / "mappings"


@dataclass(frozen=True)
class Header:
    """A line that may be the header of a file.

    Attributes
    ----------
    records
        Records up to it, itself included.
    delimiter
        What it was split by.
    above
        Lines above it that are not blank.
    keyed
        Its cells are keys, whose order says nothing (see :meth:`Variant.fits`).
    """

    cells: tuple[str, ...]
    records: int
    delimiter: str = ","
    above: int = 0
    keyed: bool = False


HeaderReader = Callable[[Variant | None], list[Header]]
"""Reads what may be a file's header, in the dialect of a variant or, without one, in any that tells itself."""


@dataclass(frozen=True)
class Fit:
    """The variant chosen for a file, its header, and whether Tribu chose by itself."""

    variant: Variant
    header: Header
    by_headers: bool


def shipped_mappings() -> list[Mapping]:
    """The mappings that come with Tribu, by name."""
    return [read_mapping(path) for path in sorted(SHIPPED.glob("*.yml"))]


def load_mapping(name_or_path: str) -> Mapping:
    """The shipped mapping of that name, or the one in that file (a path has a separator or ends in .yml or .yaml).

    Raises
    ------
    MappingError
        When neither exists, naming the mappings that do, or when the file is not a valid mapping.
    """
    if "/" in name_or_path or "\\" in name_or_path or name_or_path.endswith((".yml", ".yaml")):
        return read_mapping(Path(name_or_path))
    path = SHIPPED / f"{name_or_path}.yml"
    if path.is_file():
        return read_mapping(path)
    names = [path.stem for path in sorted(SHIPPED.glob("*.yml"))]
    close = get_close_matches(name_or_path, names, n=1)
    raise MappingError(
        expected=f"one of the mappings {', '.join(names)}, or the path of a mapping file",
        got=repr(name_or_path),
        remedy=f"did you mean {close[0]!r}" if close else "see `tribu mapping list`",
    )


def choose_variant(
    label: str,
    read_headers: HeaderReader,
    *,
    filename: str,
    sheet: str | None,
    mapping: Mapping | None,
    shipped: Sequence[Mapping],
    platform: str | None,
    observed_at: str | None,
) -> Fit:
    """Find the variant that a file is of.

    Parameters
    ----------
    label
        What messages call the file.
    read_headers
        Reads the lines that may be the file's header, likeliest first.
    filename, sheet
        Name of the file, which decides between variants with equal headers, and of its sheet.
    mapping
        The mapping that was asked for; None leaves the choice to the headers.
    shipped
        The mappings to choose from.
    platform, observed_at
        Constants from the command line.

    Raises
    ------
    MappingError
        When no variant fits, when several do, or when nothing says which platform the rows are of.
    """
    if mapping is None:
        for header in read_headers(None):
            plain = landing_columns_variant(header.cells, platform=platform)
            if plain is not None:
                return Fit(plain.with_options(platform=platform, observed_at=observed_at), header, by_headers=True)
    candidates = shipped if mapping is None else [mapping]
    variants = [variant for candidate in candidates for variant in candidate.variants if variant.fits_sheet(sheet)]
    fitting = [
        (variant, fits) for variant in variants if (fits := _header_of(variant, read_headers(variant))) is not None
    ]
    if len(fitting) > 1:
        fitting = [(variant, header) for variant, header in fitting if variant.fits_name(filename)] or fitting
    if len(fitting) > 1:
        labels = ", ".join(variant.label for variant, _ in fitting)
        raise MappingError(
            expected=f"one mapping that fits {label}",
            got=f"several: {labels}",
            remedy="choose one with --mapping, or tell variants apart by `filename` in the mapping",
        )
    if not fitting:
        if mapping is None:
            raise _no_mapping(label, read_headers(None)[0].cells, shipped, platform)
        raise _no_variant(label, read_headers, mapping)
    variant, header = fitting[0]
    variant = variant.with_options(platform=platform, observed_at=observed_at)
    if variant.unsettled:
        open_questions = "; ".join(f"{name} ({question})" for name, question in variant.unsettled.items())
        raise MappingError(
            expected=f"a mapping that is settled, for {label}",
            got=f"{len(variant.unsettled)} open in {variant.label}: {open_questions}",
            remedy="correct what is asked, then delete its line under `unsettled`",
        )
    if header.keyed:
        variant = variant.with_keys(header.cells)
    for table in variant.tables:
        if not table.gives("platform"):
            raise MappingError(
                expected=f"a platform for the {table.table} of {label}",
                got=f"neither a column nor a constant for it in {variant.label}",
                remedy="say it with --platform, or add it to the mapping's constants",
            )
    return Fit(variant, header, by_headers=mapping is None)


def _header_of(variant: Variant, headers: Sequence[Header]) -> Header | None:
    return next((header for header in headers if variant.fits(header.cells, keyed=header.keyed)), None)


def _no_mapping(
    filename: str, headers: Sequence[str], shipped: Sequence[Mapping], platform: str | None
) -> MappingError:
    names = [fold_header(cell).casefold() for cell in headers]
    known = {column for columns in TABLE_COLUMNS.values() for column in columns}
    strangers = [name for name in names if name not in known]
    remedy = "write a mapping, which `tribu mapping draft` proposes (docs/importing.md), and name it with --mapping"
    if not strangers and platform is None and "platform" not in names:
        remedy = "the headers are landing columns, but no column says the platform: give --platform"
    elif len(strangers) <= len(names) // 2:
        remedy = f"rename what is no landing column ({', '.join(strangers) or 'repeated headers'}), or {remedy}"
    return MappingError(
        expected=f"a file that a mapping fits ({', '.join(mapping.name for mapping in shipped)}) "
        "or one whose headers are landing columns",
        got=f"{filename} with the headers {_quoted(headers)}",
        remedy=remedy,
    )


def _no_variant(filename: str, read_headers: HeaderReader, mapping: Mapping) -> MappingError:
    compared = []
    for variant in mapping.variants:
        headers = read_headers(variant)[0].cells
        missing, surplus = header_difference(variant.headers, headers)
        # Of variants that differ in as many headers, the one of the file's own width is nearest.
        distance = (len(missing) + len(surplus), abs(len(missing) - len(surplus)))
        compared.append((distance, variant, headers, missing, surplus))
    _, variant, headers, missing, surplus = min(compared, key=lambda one: one[0])
    wrong = [
        *([f"lacks {_quoted(missing)}"] if missing else []),
        *([f"has beside it {_quoted(surplus)}"] if surplus else []),
    ] or ["has its headers in another order"]
    return MappingError(
        expected=f"the headers of a variant of {mapping.name}",
        got=f"{filename} with the headers {_quoted(headers)}, which against the nearest variant, {variant.name}, "
        + " and ".join(wrong),
        remedy="check that it is the right mapping, or add a variant for these headers",
    )


def _quoted(cells: Sequence[str]) -> str:
    """Headers for a message: folded, and cut where there are very many."""
    shown = ", ".join(repr(fold_header(cell)[:80]) for cell in cells[:40])
    return shown + (f" and {len(cells) - 40} more" if len(cells) > 40 else "")
