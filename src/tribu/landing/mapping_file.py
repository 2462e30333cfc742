"""Mapping files: YAML checked key by key, so that a slip is told with its place and not found in the data."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping as ReadOnlyDict
from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, NoReturn

import yaml

from tribu.errors import MappingError
from tribu.landing.contract import DATE_ORDERS, NUMBER_LOCALES, TABLE_COLUMNS, UNITS
from tribu.landing.headers import fold_header, positions
from tribu.landing.mapping import Mapping, TableMapping, Variant, extra_columns
from tribu.landing.sensitive import sensitive_columns

_READING: Final = (
    "delimiter",
    "quote",
    "encoding",
    "sheet",
    "records",
    "skip_lines_after_header",
    "number_locale",
    "date_order",
    "null_spellings",
)
_MAPPING_KEYS: Final = ("name", "title", "source", "defaults", "variants")
_VARIANT_KEYS: Final = (
    "name",
    "headers",
    "filename",
    "ignore",
    "keep_sensitive",
    "extra",
    "tables",
    "unsettled",
    *_READING,
)
_TABLE_KEYS: Final = ("constants", "columns", "from_path", "row_key")
_COLUMN_KEYS: Final = ("header", "position", "unit", "pattern")
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_]*")
_SEE: Final = "docs/importing.md describes the format"


class _Loader(yaml.BaseLoader):
    """YAML whose values stay text as written: a header ``No`` is not false, a constant ``2022-06-01`` not a date.

    The second of two equal keys, which PyYAML lets win in silence, is an error.
    """

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if str(key.value) in seen:
                raise yaml.constructor.ConstructorError(None, None, f"the key {key.value!r} twice", key.start_mark)
            seen.add(str(key.value))
        return dict(super().construct_mapping(node, deep))


def read_mapping(path: Path) -> Mapping:
    """Read and check the mapping file ``path``.

    Raises
    ------
    MappingError
        When it cannot be read, is no YAML, or says something that cannot be carried out; the message names the place.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        _fail("a mapping file", f"no file at {path}", "check the path, or see `tribu mapping list`")
    except (OSError, UnicodeDecodeError) as error:
        _fail(f"a mapping file in UTF-8 at {path}", str(error), "check the file")
    return parse_mapping(text, str(path))


def parse_mapping(text: str, place: str) -> Mapping:
    """Check the YAML ``text`` of a mapping; ``place`` is what messages call it.

    Raises
    ------
    MappingError
        As :func:`read_mapping`.
    """
    try:
        # A subclass of the loader that builds text, lists and dictionaries only.
        root = yaml.load(text, Loader=_Loader)  # noqa: S506
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{place}, line {mark.line + 1}" if mark else place
        problem = getattr(error, "problem", None) or str(error)
        _fail("a mapping in YAML", f"{problem} ({where})", f"correct that line; {_SEE}")
    mapping = _section(root, place, _MAPPING_KEYS, required=("name", "title", "variants"))
    name = _name(mapping["name"], f"{place}: name")
    title = fold_header(_text(mapping["title"], f"{place}: title"))
    source = _name(mapping["source"], f"{place}: source") if "source" in mapping else name
    defaults = _reading(_section(mapping.get("defaults", {}), f"{place}: defaults", _READING), f"{place}: defaults")
    entries = mapping["variants"]
    if not isinstance(entries, list) or not entries:
        _fail(f"a list of at least one variant at {place}: variants", _shown(entries), _SEE)
    variants: list[Variant] = []
    for number, entry in enumerate(entries, start=1):
        label = entry.get("name") if isinstance(entry, dict) else None
        here = f"{place}: variants[{label or number}]"
        variant = _variant(entry, here, mapping=name, source=source, defaults=defaults)
        if variant.name in {other.name for other in variants}:
            _fail(f"variants of different names in {place}", f"{variant.name!r} twice", "rename one of them")
        variants.append(variant)
    return Mapping(name=name, title=title, variants=tuple(variants))


def _variant(entry: object, place: str, *, mapping: str, source: str, defaults: ReadOnlyDict[str, Any]) -> Variant:
    section = _section(entry, place, _VARIANT_KEYS, required=("name", "headers", "tables"))
    name = _name(section["name"], f"{place}.name")
    headers = _texts(section["headers"], f"{place}.headers")
    if not headers:
        _fail(f"the header cells of the file at {place}.headers", "an empty list", _SEE)
    ignored = _named_columns(section, "ignore", headers, place)
    kept = _named_columns(section, "keep_sensitive", headers, place)
    tables = _section(section["tables"], f"{place}.tables", tuple(TABLE_COLUMNS))
    if not tables:
        _fail(f"accounts, posts or both at {place}.tables", "none", _SEE)
    holder = section.get("extra", next(iter(tables)))
    if len(tables) > 1 and "extra" not in section:
        _fail(
            f"`extra: accounts` or `extra: posts` at {place}",
            "two tables and no word on which of them keeps the columns that neither maps",
            "add that line",
        )
    if holder not in tables:
        _fail(f"a table of the variant at {place}.extra", _shown(holder), f"name one of {', '.join(tables)}")
    parsed = [_table(table, body, headers, f"{place}.tables.{table}") for table, body in tables.items()]
    mapped = [index for table in parsed for index in table.columns.values()]
    for index in ignored:
        if index in mapped:
            _fail(
                f"each column either mapped or ignored at {place}",
                f"{fold_header(headers[index])!r} both mapped and ignored",
                "remove it from `ignore` or from `columns`",
            )
    # A cell of which a pattern takes a part stays whole in `extra`, unless another column takes it whole.
    whole = [index for table in parsed for column, index in table.columns.items() if column not in table.patterns]
    sensitive = sensitive_columns(headers)
    withheld = {index: subject for index, subject in sensitive.items() if index not in {*mapped, *ignored, *kept}}
    extra = extra_columns(headers, mapped=whole, ignored=[*ignored, *withheld])
    return Variant(
        mapping=mapping,
        name=name,
        source=source,
        headers=tuple(headers),
        tables=tuple(
            replace(
                table,
                constants={"source": source, **table.constants},
                extra=extra if table.table == holder else {},
            )
            for table in parsed
        ),
        ignored=tuple(sorted(set(ignored))),
        withheld=withheld,
        extra_table=holder,
        unsettled={
            str(key): _text(value, f"{place}.unsettled.{key}")
            for key, value in _any_section(section.get("unsettled", {}), f"{place}.unsettled").items()
        },
        filename=_text(section["filename"], f"{place}.filename") if "filename" in section else None,
        **{**defaults, **_reading(section, place)},
    )


def _reading(section: ReadOnlyDict[str, Any], place: str) -> dict[str, Any]:
    """Checked values of the keys that may stand in ``defaults`` as well as in a variant."""
    checked: dict[str, Any] = {}
    if "delimiter" in section:
        delimiter = section["delimiter"]
        if not isinstance(delimiter, str) or len(delimiter) != 1 or delimiter in "\"'\r\n" or ord(delimiter) > 126:
            _fail(f'one ASCII character, such as "," or "\\t", at {place}.delimiter', _shown(delimiter), _SEE)
        checked["delimiter"] = delimiter
    if "quote" in section:
        quote = section["quote"]
        if quote not in ('"', "'", "none"):
            _fail(f"a quotation mark or none at {place}.quote", _shown(quote), _SEE)
        checked["quote"] = "" if quote == "none" else quote
    if "encoding" in section:
        encoding = _text(section["encoding"], f"{place}.encoding")
        try:
            checked["encoding"] = codecs.lookup(encoding).name
        except LookupError:
            _fail(
                f"an encoding that Python knows at {place}.encoding",
                _shown(encoding),
                "write for example utf-8, cp1252, latin-1, utf-16 or shift_jis",
            )
    checked |= {key: _filled(section[key], f"{place}.{key}") for key in ("sheet", "records") if key in section}
    if "skip_lines_after_header" in section:
        checked["skip_lines_after_header"] = _number(
            section["skip_lines_after_header"], f"{place}.skip_lines_after_header", low=0, high=1000
        )
    for key, allowed in (("number_locale", tuple(NUMBER_LOCALES)), ("date_order", DATE_ORDERS)):
        if key in section:
            checked[key] = _choice(section[key], allowed, f"{place}.{key}")
    if "null_spellings" in section:
        checked["null_spellings"] = tuple(_texts(section["null_spellings"], f"{place}.null_spellings"))
    return checked


def _table(table: str, entry: object, headers: Sequence[str], place: str) -> TableMapping:
    section = _section(entry, place, _TABLE_KEYS, required=("columns",))
    allowed = TABLE_COLUMNS[table]
    columns: dict[str, int] = {}
    units: dict[str, str] = {}
    patterns: dict[str, str] = {}
    for column, item in _section(section["columns"], f"{place}.columns", allowed).items():
        here = f"{place}.columns.{column}"
        columns[column] = _column(item, headers, here, keys=_COLUMN_KEYS)
        if isinstance(item, dict) and "unit" in item:
            units[column] = _choice(item["unit"], UNITS, f"{here}.unit")
        if isinstance(item, dict) and "pattern" in item:
            patterns[column] = _pattern(item["pattern"], f"{here}.pattern")
    constants = {
        column: _text(value, f"{place}.constants.{column}")
        for column, value in _section(section.get("constants", {}), f"{place}.constants", allowed).items()
    }
    for column in constants:
        if column in columns:
            _fail(f"{column} once at {place}", "a column and a constant for it", "remove one of them")
    from_path = {
        column: _pattern(value, f"{place}.from_path.{column}")
        for column, value in _section(section.get("from_path", {}), f"{place}.from_path", allowed).items()
    }
    row_key = _name(section["row_key"], f"{place}.row_key") if "row_key" in section else None
    named = {"handle", "account_id"} & {*columns, *from_path}
    if row_key is not None and (table != "accounts" or named):
        _fail(
            f"row_key for accounts that nothing else identifies at {place}",
            f"it for {table}" if table != "accounts" else f"{' and '.join(sorted(named))} as well",
            "remove row_key",
        )
    if row_key is None and not named:
        _fail(
            f"handle or account_id at {place}.columns",
            "neither",
            "map the column that identifies the account"
            + (", or declare that nothing does: row_key, with a short name" if table == "accounts" else ""),
        )
    if table == "posts" and not {"post_id", "url"} & {*columns, *from_path}:
        _fail(f"post_id or url at {place}.columns", "neither", "map the column that identifies the post")
    return TableMapping(table, columns, constants, units, {}, from_path, patterns, row_key)


def _named_columns(section: ReadOnlyDict[str, Any], key: str, headers: Sequence[str], place: str) -> list[int]:
    """Indices of the columns that a list of headers names."""
    return [
        _column(item, headers, f"{place}.{key}[{number}]", keys=("header", "position"))
        for number, item in enumerate(_list(section.get(key, []), f"{place}.{key}"), start=1)
    ]


def _pattern(value: object, place: str) -> str:
    """A regular expression with one group, which is the value, for cells and paths alike."""
    import pyarrow as pa
    import pyarrow.compute as pc

    text = _text(value, place)
    try:
        groups = re.compile(text).groups
        # RE2 has the last word, for DuckDB runs it over cells; in return no pattern can run for ever.
        pc.match_substring_regex(pa.array([""]), text)
    except (re.error, pa.ArrowInvalid) as error:
        _fail(
            f"a regular expression at {place}",
            f"{text!r} ({error})",
            "correct it; look-arounds and references are not known to RE2, which runs it",
        )
    if groups != 1:
        _fail(
            f"one group in brackets at {place}",
            f"{groups} in {text!r}",
            "put brackets around the part that is the value, and (?:…) around any other group",
        )
    return text


def _column(item: object, headers: Sequence[str], place: str, *, keys: tuple[str, ...]) -> int:
    """Index of the file's column that ``item`` names."""
    section = {"header": item} if isinstance(item, str) else _section(item, place, keys, required=("header",))
    header = _text(section["header"], f"{place}.header")
    found = positions(headers, header)
    if not found:
        _fail(
            f"a header of this variant at {place}",
            f"{fold_header(header)!r}, which `headers` does not list",
            _suggestion(fold_header(header), [fold_header(cell) for cell in headers]) or "correct one of the two",
        )
    if "position" in section:
        position = _number(section["position"], f"{place}.position", low=1, high=len(found))
    elif len(found) == 1:
        position = 1
    else:
        _fail(
            f"a position at {place}",
            f"{fold_header(header)!r}, which `headers` lists {len(found)} times",
            f"write {{header: {fold_header(header)}, position: 1}}, counted from 1 among the equal headers",
        )
    return found[position - 1]


def _any_section(value: object, place: str) -> dict[str, Any]:
    """Keys of any name and their values."""
    if not isinstance(value, dict):
        _fail(f"keys and values at {place}", _shown(value), _SEE)
    return value


def _section(value: object, place: str, allowed: Sequence[str], *, required: Sequence[str] = ()) -> dict[str, Any]:
    _any_section(value, place)
    assert isinstance(value, dict)
    for key in value:
        if key not in allowed:
            _fail(
                f"one of {', '.join(allowed)} at {place}",
                f"the unknown key {key!r}",
                _suggestion(str(key), allowed) or _SEE,
            )
    for key in required:
        if key not in value:
            _fail(f"{key} at {place}", "none", f"add it; {_SEE}")
    return value


def _list(value: object, place: str) -> list[Any]:
    if not isinstance(value, list):
        _fail(f"a list at {place}", _shown(value), _SEE)
    return value


def _texts(value: object, place: str) -> list[str]:
    return [_text(item, f"{place}[{number}]") for number, item in enumerate(_list(value, place), start=1)]


def _text(value: object, place: str) -> str:
    if not isinstance(value, str):
        _fail(f"text at {place}", _shown(value), _SEE)
    return value


def _filled(value: object, place: str) -> str:
    text = _text(value, place)
    if not text.strip():
        _fail(f"a name at {place}", "nothing", "write it, or leave the line out")
    return text


def _number(value: object, place: str, *, low: int, high: int) -> int:
    if not isinstance(value, str) or not value.isdecimal() or not low <= int(value) <= high:
        _fail(f"a number from {low} to {high} at {place}", _shown(value), "correct it")
    return int(value)


def _name(value: object, place: str) -> str:
    name = _text(value, place)
    if not _NAME.fullmatch(name):
        _fail(f"a name of small letters, digits and _ at {place}", _shown(name), "rename it")
    return name


def _choice(value: object, allowed: Sequence[str], place: str) -> str:
    if not isinstance(value, str) or value not in allowed:
        _fail(
            f"one of {', '.join(allowed)} at {place}",
            _shown(value),
            _suggestion(str(value), allowed) or "choose one",
        )
    return value


def _suggestion(word: str, known: Sequence[str]) -> str | None:
    spelling = {name.casefold(): name for name in known}
    close = get_close_matches(word.casefold(), spelling, n=1)
    return f"did you mean {spelling[close[0]]!r}" if close else None


def _shown(value: object) -> str:
    return "nothing" if value is None else f"{value!r}"


def _fail(expected: str, got: str, remedy: str) -> NoReturn:
    raise MappingError(expected=expected, got=got, remedy=remedy)
