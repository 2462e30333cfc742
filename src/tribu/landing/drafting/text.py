"""A draft as YAML that a person reads: confidence and values beside each column, what is open in one list. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from tribu.landing.drafting.draft import Draft, DraftColumn
from tribu.landing.drafting.sampling import Sample
from tribu.landing.files import Kind

_WIDTH: Final = 28
"""Characters shown of a value."""


def draft_yaml(draft: Draft) -> str:
    """The draft as the text of a mapping file."""
    sample = draft.sample
    looked = f"{len(sample.records):,} records" + ("" if sample.is_whole else " spread over it")
    lines = [
        f"# Draft of a mapping for {_plain(draft.file)}, from its headers and {looked}.",
        "# Beside each column: how sure the draft is of it (0 to 1), and values of it.",
    ]
    if draft.unsettled:
        lines.append(
            "# `tribu import` refuses it until `unsettled` is empty: correct what is asked there, then delete the line."
        )
    if sample.passed_over:
        lines.append(
            f"# {sample.passed_over} records of the sample are damaged or not as wide as the header; "
            "they would be rejected."
        )
    lines += [
        f"name: {draft.name}",
        f"title: {quoted(f'Draft for {draft.file}')}",
        "",
        "variants:",
        f"  - name: {draft.name}",
    ]
    lines += _wrapped("    headers: [", [quoted(column.header) for column in draft.columns])
    lines += _reading_lines(sample)
    if sample.skip_lines_after_header:
        lines.append(f"    skip_lines_after_header: {sample.skip_lines_after_header}")
    lines += [f"    number_locale: {draft.number_locale}", f"    date_order: {draft.date_order}"]
    if draft.null_spellings:
        lines.append(f"    null_spellings: [{', '.join(quoted(text) for text in draft.null_spellings)}]")
    lines += _sensitive_lines(draft)
    if draft.unsettled:
        lines += ["    unsettled:", *(f"      {key}: {quoted(question)}" for key, question in draft.unsettled.items())]
    if len(draft.tables) > 1:
        lines.append(f"    extra: {draft.tables[0]}")
    lines.append("    tables:")
    for table in draft.tables:
        lines += _table_lines(draft, table)
    rest = [column for column in draft.columns if column.column is None and not column.sensitive]
    if rest:
        lines.append("    # Not mapped; these land in `extra`:")
        lines += [f"    #   {_plain(column.key)}: {_values(column)}" for column in rest]
    return "\n".join(lines) + "\n"


def _reading_lines(sample: Sample) -> list[str]:
    """How the file is written down."""
    lines = []
    if sample.kind is Kind.TEXT:
        lines.append(f"    delimiter: {quoted(sample.delimiter)}")
        if not sample.quote:
            lines.append("    quote: none")
        if sample.encoding != "utf-8":
            lines.append(f"    encoding: {sample.encoding}")
    if sample.sheet is not None:
        lines.append(f"    sheet: {quoted(sample.sheet)}")
    if sample.records_at is not None:
        lines.append(f"    records: {quoted(sample.records_at)}")
    return lines


def _sensitive_lines(draft: Draft) -> list[str]:
    found = [column for column in draft.columns if column.sensitive]
    if not found:
        return []
    from tribu.landing.sensitive import sensitive_subject

    # Those that the header gives away, `tribu import` leaves out by itself.
    unseen = [column for column in found if sensitive_subject(column.header) is None]
    named = ", ".join(f"{_plain(column.key)} ({column.sensitive})" for column in found)
    lines = [f"    # Sensitive, and not landed: {named}."]
    if len(unseen) < len(found):
        kept = ", ".join(_reference(column, draft) for column in found if column not in unseen)
        lines.append(f"    # To land them in `extra`: keep_sensitive: [{kept}]")
    if unseen:
        lines.append(f"    ignore: [{', '.join(_reference(column, draft) for column in unseen)}]")
    return lines


def _table_lines(draft: Draft, table: str) -> list[str]:
    lines = [f"      {table}:"]
    constants = {"platform": draft.platform, "observed_at": draft.observed_at if table == "accounts" else None}
    given = {name: value for name, value in constants.items() if value}
    if draft.observed_at and table == "accounts":
        lines.append("        # observed_at is of the file's name: another file needs another date.")
    if given:
        lines.append(f"        constants: {{{', '.join(f'{name}: {value}' for name, value in given.items())}}}")
    if draft.row_key and table == "accounts":
        lines.append(f"        row_key: {draft.row_key}")
    mapped = [column for column in draft.columns if table in column.tables and column.column]
    if not mapped:
        return [*lines, "        columns: {}"]
    shown = [
        (column, name, f"          {name}: {_reference(column, draft, unit=not pattern, pattern=pattern)}")
        for column in mapped
        for name, pattern in [*column.parts.items(), (column.column, None)]
    ]
    width = min(max(len(cell) for _, _, cell in shown), 56)
    lines.append("        columns:")
    for column, name, cell in shown:
        asked = "  CONFIRM" if name in draft.unsettled else ""
        lines.append(f"{cell.ljust(width)}  # {column.confidence:.2f}{asked}  {_values(column)}")
    return lines


def _reference(column: DraftColumn, draft: Draft, *, unit: bool = False, pattern: str | None = None) -> str:
    equal = [one.index for one in draft.columns if one.header.casefold() == column.header.casefold()]
    parts = [f"header: {quoted(column.header)}"]
    if len(equal) > 1:
        parts.append(f"position: {equal.index(column.index) + 1}")
    if unit and column.unit:
        parts.append(f"unit: {column.unit}")
    if pattern:
        parts.append(f"pattern: {quoted(pattern)}")
    return quoted(column.header) if len(parts) == 1 else f"{{{', '.join(parts)}}}"


def _values(column: DraftColumn) -> str:
    shown = " | ".join(_plain(text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…") for text in column.examples)
    # a remark may name another column, whose header holds what it likes
    note = _plain(column.note or "")
    return f"{shown}  ({note})" if note and shown else shown or note


def _wrapped(start: str, cells: Sequence[str], width: int = 118) -> list[str]:
    lines, line = [], start
    for number, cell in enumerate(cells):
        piece = cell + (", " if number < len(cells) - 1 else "]")
        if len(line) + len(piece.rstrip()) > width and line.strip() and line != start:
            lines.append(line.rstrip())
            line = " " * len(start)
        line += piece
    return [*lines, line]


def _plain(text: str) -> str:
    """Text for a comment: on one line, nothing in it that a terminal or a YAML reader takes for more than text."""
    return "".join(mark if mark.isprintable() else "�" for mark in " ".join(text.split()))


def quoted(text: str) -> str:
    """Text as a double-quoted scalar of YAML, which nothing in it can end."""
    escaped = "".join(
        f"\\{mark}"
        if mark in '"\\'
        else mark
        if mark.isprintable()
        else f"\\u{ord(mark):04x}"
        if ord(mark) < 0x10000
        else f"\\U{ord(mark):08x}"
        for mark in text
    )
    return f'"{escaped}"'


def draft_data(draft: Draft) -> dict[str, Any]:
    """The draft for programs."""
    return {
        "name": draft.name,
        "file": draft.file,
        "tables": list(draft.tables),
        "platform": draft.platform,
        "observed_at": draft.observed_at,
        "row_key": draft.row_key,
        "kind": draft.sample.kind.name.lower(),
        "delimiter": draft.sample.delimiter if draft.sample.kind is Kind.TEXT else None,
        "encoding": draft.sample.encoding if draft.sample.kind is Kind.TEXT else None,
        "sheet": draft.sample.sheet,
        "records": draft.sample.records_at,
        "others": list(draft.sample.others),
        "number_locale": draft.number_locale,
        "date_order": draft.date_order,
        "null_spellings": list(draft.null_spellings),
        "unsettled": draft.unsettled,
        "columns": [
            {
                "header": column.key,
                "column": column.column,
                "tables": list(column.tables),
                "confidence": column.confidence,
                "unit": column.unit,
                "parts": column.parts,
                "sensitive": column.sensitive,
                "note": column.note,
                "values": list(column.examples),
            }
            for column in draft.columns
        ],
        "mapping": draft_yaml(draft),
    }
