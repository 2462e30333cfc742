"""What a file is read as: where its header is, in which dialect and encoding, and which mapping that fits."""

from __future__ import annotations

import re
from collections.abc import Mapping as ReadOnlyDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from tribu.errors import InputFileError, MappingError
from tribu.landing.catalog import Header, choose_variant
from tribu.landing.encodings import Encoding, detect_encoding
from tribu.landing.files import (
    DELIMITERS,
    InputFile,
    Kind,
    delimiter_counts,
    guess_delimiter,
    header_rows,
    refuse_nul,
)
from tribu.landing.json_files import json_keys, lists_inside
from tribu.landing.limits import HEADER_ROWS
from tribu.landing.mapping import Mapping, Variant
from tribu.landing.parquet_files import parquet_columns
from tribu.landing.workbooks import sheet_rows


@dataclass(frozen=True)
class FileFit:
    """How a file is read.

    Attributes
    ----------
    variant
        The mapping's variant, its delimiter and encoding settled.
    header_records
        Records up to the header, that included.
    path_values
        Landing column → the value that the file's path gives.
    by_headers
        Whether Tribu chose the variant by itself.
    remarks
        What a person should know about how the file is read.
    """

    variant: Variant
    header_records: int
    path_values: ReadOnlyDict[str, str]
    by_headers: bool
    remarks: tuple[str, ...]


def fit_file(
    file: InputFile,
    *,
    chosen: Mapping | None,
    shipped: Sequence[Mapping],
    platform: str | None,
    observed_at: str | None,
) -> FileFit:
    """Find out how ``file`` is to be read.

    Raises
    ------
    InputFileError
        When it is no text, or damaged.
    MappingError
        When it fits no mapping or several, or its path lacks a value that the mapping takes from it.
    """
    headers = _Headers(file)
    try:
        fit = choose_variant(
            file.label if file.sheet else file.name.rsplit("/", 1)[-1],
            headers.of,
            filename=Path(file.label.split(", sheet ")[0]).name,
            sheet=file.sheet,
            mapping=chosen,
            shipped=shipped,
            platform=platform,
            observed_at=observed_at,
        )
    except MappingError as error:
        if file.kind is Kind.TEXT and chosen is None:
            guess_delimiter(file)
        raise _with_hint(error, file) from None
    variant, header = fit.variant, fit.header
    remarks = []
    if file.kind is Kind.TEXT:
        encoding = headers.encoding(variant.encoding)
        refuse_nul(file, encoding.name)
        variant = replace(variant, encoding=encoding.name, delimiter=header.delimiter)
        remarks += [encoding.remark] if encoding.remark else []
    else:
        # As Tribu itself writes what is no text of its own.
        variant = replace(variant, delimiter=",", quote='"', encoding="utf-8")
    if header.above:
        lines = "line" if header.above == 1 else "lines"
        remarks.append(f"the header is record {header.records}; {header.above} {lines} above it are not read")
    return FileFit(
        variant=variant,
        header_records=header.records,
        path_values=path_values(file, variant),
        by_headers=fit.by_headers,
        remarks=tuple(f"{file.name}: {remark}" for remark in remarks),
    )


def _with_hint(error: MappingError, file: InputFile) -> MappingError:
    lists = lists_inside(file) if file.kind is Kind.JSON else []
    if not lists:
        return error
    return MappingError(
        expected=error.expected,
        got=error.got,
        remedy=f"if the records are the list in {' or '.join(map(repr, lists))}, "
        f"declare `records: {lists[0]}` in a mapping",
    )


def path_values(file: InputFile, variant: Variant) -> dict[str, str]:
    """Values of landing columns that stand in the path of a file, as ``from_path`` of the variant finds them.

    Raises
    ------
    MappingError
        When one is not there, or differs between the tables.
    """
    values: dict[str, str] = {}
    for table in variant.tables:
        for column, pattern in table.from_path.items():
            # The last one: the file's own name says more than the folders above it.
            found = [match[1] for match in re.finditer(pattern, file.label) if match[1] is not None]
            if not found:
                raise MappingError(
                    expected=f"{column} in the path of {file.label}, where {variant.label} looks for {pattern!r}",
                    got="nothing that the pattern finds",
                    remedy="correct `from_path` in the mapping, or the names of file and folders",
                )
            if values.setdefault(column, found[-1]) != found[-1]:
                raise MappingError(
                    expected=f"one {column} from the path of {file.label}",
                    got=f"{values[column]!r} for one table and {found[-1]!r} for the other",
                    remedy="use one pattern in `from_path` of both tables",
                )
    return values


@dataclass
class _Headers:
    """The lines of a file that may be its header, in whatever dialect a variant has."""

    file: InputFile
    _known: dict[tuple[str | None, ...], list[Header]] = field(default_factory=dict)
    _detected: Encoding | None = None

    def encoding(self, declared: str | None) -> Encoding:
        """The encoding that a mapping declares, or the one that the bytes tell."""
        if declared is not None:
            return Encoding(declared)
        if self._detected is None:
            self._detected = detect_encoding(self.file)
        return self._detected

    def of(self, variant: Variant | None) -> list[Header]:
        """Candidates in the order in which they are tried; of no variant, in any dialect that tells itself."""
        options = (
            (variant.encoding, variant.delimiter, variant.quote, variant.records)
            if variant
            else (None, None, '"', None)
        )
        if options not in self._known:
            self._known[options] = self._read(*options)
        return self._known[options]

    def _read(
        self, encoding: str | None, delimiter: str | None, quote: str | None, records: str | None
    ) -> list[Header]:
        file = self.file
        if file.kind is Kind.JSON:
            return [Header(tuple(json_keys(file, records)), 0, keyed=True)]
        if file.kind is Kind.PARQUET:
            return [Header(tuple(parquet_columns(file)), 0, keyed=True)]
        if file.kind is Kind.WORKBOOK:
            assert file.sheet is not None
            rows = enumerate(sheet_rows(file.path, file.label, file.sheet), start=1)
            return _candidates([(cells, number) for number, cells in islice(rows, HEADER_ROWS) if cells], ",")
        name = self.encoding(encoding).name
        refuse_nul(file, name)
        counts = delimiter_counts(file)
        marks = [delimiter] if delimiter else sorted(DELIMITERS, key=lambda mark: -counts[mark])
        found: list[Header] = []
        for mark in marks:
            found += _candidates(header_rows(file, name, mark, quote or ""), mark)
        # Stable: of equal lines, the one split by the likeliest delimiter.
        return sorted(found, key=lambda header: header.above)


def _candidates(rows: Sequence[tuple[Sequence[str], int]], delimiter: str) -> list[Header]:
    """The lines that may be the header: none that stands below one as full as itself, for that would be a record."""
    found: list[Header] = []
    widest = 0
    for above, (cells, number) in enumerate(rows):
        filled = sum(bool(cell.strip()) for cell in cells)
        if filled > widest or not found:
            found.append(Header(tuple(cells), number, delimiter=delimiter, above=above))
        widest = max(widest, filled)
    return found


def no_sheet(file: InputFile, chosen: Mapping | None) -> bool:
    """Tell whether the mapping is about other sheets of the workbook than this one."""
    return (
        file.sheet is not None
        and chosen is not None
        and not any(variant.fits_sheet(file.sheet) for variant in chosen.variants)
    )


def refuse_missing_sheets(chosen: Mapping, path: str, sheets: Sequence[str]) -> None:
    """Raise when a workbook has none of the sheets that a mapping names.

    Raises
    ------
    InputFileError
        Naming those that it has.
    """
    wanted = ", ".join(sorted({repr(variant.sheet) for variant in chosen.variants}))
    raise InputFileError(
        expected=f"a sheet {wanted}, as {chosen.name} declares, in {path}",
        got=", ".join(map(repr, sheets)),
        remedy="correct `sheet` in the mapping",
    )
