"""JSON as a table: a list of objects, objects one after the other or one per line, or a list somewhere in an object.

Where a record begins and ends is found in the bytes, by brackets and strings alone, so that one damaged record is one
reject with its place, and a file may be larger than memory.
"""

from __future__ import annotations

import json
import mmap
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, NoReturn

from tribu.errors import InputFileError, MappingError
from tribu.landing.files import InputFile, check_width
from tribu.landing.limits import MAX_DEPTH, MAX_RECORD
from tribu.landing.splitting import NOT_UTF8, TOO_LONG, opened

_STRING: Final = rb'"(?:[^"\\]++|\\.)*+"'
_TEXT: Final = re.compile(_STRING, re.DOTALL)
_FLAT: Final = re.compile(rb'\{(?:[^{}\[\]"]++|' + _STRING + rb")*+\}", re.DOTALL)
_TOKEN: Final = re.compile(_STRING + rb'|[{}\[\]"]', re.DOTALL)
_KEY: Final = re.compile(rb"\s*+(" + _STRING + rb")\s*+:\s*+", re.DOTALL)
_SPACE: Final = re.compile(rb"[ \t\r\n]*+")
_SCALAR: Final = re.compile(rb'[^\s,\[\]{}"]++')
_JUNK: Final = re.compile(rb"[^,\]{]*+")
_LINE: Final = re.compile(rb"[^\r\n]++")
_BOM: Final = b"\xef\xbb\xbf"
_HOPELESS: Final = 10_000
"""Levels at which the end of a record is no longer looked for."""
_FIRST_LINES: Final = 10

NOT_CLOSED: Final = "JSON that is not closed"
HALF_CHARACTER: Final = "half a character (a lone surrogate)"
TOO_DEEP: Final = f"more than {MAX_DEPTH} levels of JSON in JSON"


@dataclass(frozen=True)
class Span:
    """Where a record stands, in bytes; ``fault`` when that alone tells that it is none."""

    start: int
    end: int
    fault: str | None = None


@dataclass(frozen=True)
class Flat:
    """One record: its values by dotted key, or why there are none."""

    span: Span
    values: dict[str, str]
    fault: str | None = None


class _Decimal(float):
    """A number that remembers how it was written."""

    text: str

    def __new__(cls, text: str) -> _Decimal:
        number = super().__new__(cls, text)
        number.text = text
        return number


def json_keys(file: InputFile, records: str | None) -> list[str]:
    """Every key of the records, dotted where objects are nested, in the order in which they first occur.

    Raises
    ------
    InputFileError
        When no record is an object, or they have too many keys.
    MappingError
        When there is no list at ``records``.
    """
    keys: dict[str, None] = {}
    fault = None
    for record in json_records(file, records):
        fault = fault or record.fault
        if not record.values.keys() <= keys.keys():
            keys |= dict.fromkeys(record.values)
            check_width(len(keys), file.label)
    if not keys:
        raise InputFileError(
            expected=f"JSON objects in {file.label}", got=fault or "none", remedy="check the export that wrote it"
        )
    return list(keys)


def json_records(file: InputFile, records: str | None) -> Iterator[Flat]:
    """The records of a JSON file, in order, damaged ones too.

    Parameters
    ----------
    records
        Where in one object the list of records is: its keys, joined by dots. None for any other file.
    """
    with opened(file.path) as data:
        for span in _spans(data, file, records):
            yield _flat(data, span)


def _spans(data: mmap.mmap, file: InputFile, records: str | None) -> Iterator[Span]:
    start = _skip(data, len(_BOM) if data[:3] == _BOM else 0)
    if records is not None:
        return _elements(data, _list_at(data, start, file, records) + 1)
    if data[start : start + 1] == b"[":
        return _elements(data, start + 1)
    return _lines(data, start) if _one_per_line(data, start) else _sequence(data, start)


def _flat(data: mmap.mmap, span: Span) -> Flat:
    fault = span.fault or (TOO_LONG if span.end - span.start > MAX_RECORD else None)
    if fault:
        return Flat(span, {}, fault)
    try:
        values = _values(data[span.start : span.end].decode("utf-8"))
    except UnicodeDecodeError:
        fault = NOT_UTF8
    except UnicodeEncodeError:
        fault = HALF_CHARACTER
    except RecursionError:
        fault = TOO_DEEP
    except ValueError as error:
        fault = f"no JSON: {error}"[:200]
    else:
        return Flat(span, values, None if any(values.values()) else "an object without a value")
    return Flat(span, {}, fault)


def _values(text: str) -> dict[str, str]:
    """The values of an object by dotted key; ValueError, and what comes of it, when it is none."""
    value = json.loads(text, parse_float=_Decimal, parse_constant=str, object_pairs_hook=_object)
    if not isinstance(value, dict):
        raise ValueError("no object")
    values: dict[str, str] = {}
    _flatten(value, "", values, 1)
    # Half a character is text in JSON, and in no encoding.
    "".join([*values, *values.values()]).encode()
    return values


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key twice in one object")
    return found


def _flatten(value: dict[str, Any], prefix: str, values: dict[str, str], depth: int) -> None:
    if depth > MAX_DEPTH:
        raise ValueError(TOO_DEEP)
    for name, item in value.items():
        key = prefix + name
        if isinstance(item, dict) and item:
            _flatten(item, f"{key}.", values, depth + 1)
            continue
        if key in values:
            raise ValueError(f"two values for {key!r}")
        values[key] = _value_text(item)


def _value_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, _Decimal):
        return value.text
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def _skip(data: mmap.mmap, position: int) -> int:
    found = _SPACE.match(data, position)
    return found.end() if found else position


def _value_end(data: mmap.mmap, start: int) -> int | None:
    """Where the value at ``start`` ends; None when it does not."""
    first = data[start : start + 1]
    if first not in (b"{", b"["):
        found = (_TEXT if first == b'"' else _SCALAR).match(data, start)
        return found.end() if found else None
    if flat := _FLAT.match(data, start):
        return flat.end()
    depth = 0
    for token in _TOKEN.finditer(data, start):
        mark = token[0]
        if mark in (b"{", b"["):
            depth += 1
            if depth > _HOPELESS:
                return None
        elif mark in (b"}", b"]"):
            depth -= 1
            if depth == 0:
                return token.end()
        elif mark == b'"':
            return None
    return None


def _elements(data: mmap.mmap, position: int) -> Iterator[Span]:
    """The values of a list, from after its bracket."""
    while True:
        start = _skip(data, position)
        mark = data[start : start + 1]
        if mark == b"]":
            return
        if not mark:
            yield Span(start, start, "the list is not closed: the file ends early")
            return
        end = _value_end(data, start)
        if end is None and mark in (b"{", b"[", b'"'):
            yield Span(start, len(data), NOT_CLOSED)
            return
        place = _skip(data, start if end is None else end)
        after = data[place : place + 1]
        fault = None
        if end is None or after not in (b",", b"]", b"{", b""):
            # Something that is no value, or something between this value and the next.
            found = _JUNK.match(data, place)
            end = max(found.end() if found else place, start)
            fault = "text between records"
            place, after = end, data[end : end + 1]
        yield Span(start, end, fault)
        position = place + 1 if after == b"," else place


def _one_per_line(data: mmap.mmap, start: int) -> bool:
    for line in islice(_LINE.finditer(data, start), _FIRST_LINES):
        if len(line[0]) <= MAX_RECORD and line[0].lstrip().startswith(b"{"):
            try:
                json.loads(line[0])
            except (ValueError, RecursionError):
                continue
            return True
    return False


def _lines(data: mmap.mmap, start: int) -> Iterator[Span]:
    for line in _LINE.finditer(data, start):
        if line[0].strip():
            yield Span(line.start(), line.end())


def _sequence(data: mmap.mmap, start: int) -> Iterator[Span]:
    """Objects one after the other, each over several lines."""
    while start < len(data):
        end = _value_end(data, start)
        if end is None:
            yield Span(start, len(data), NOT_CLOSED)
            return
        yield Span(start, end)
        start = _skip(data, end)


def _list_at(data: mmap.mmap, start: int, file: InputFile, records: str) -> int:
    """Where the list at the dotted path ``records`` begins."""
    for part in records.split("."):
        found = _member(data, start, part)
        if found is None:
            _no_list(file, records, f"no key {part!r} there")
        start = found
    if data[start : start + 1] != b"[":
        _no_list(file, records, "something else there")
    return start


def _no_list(file: InputFile, records: str, got: str) -> NoReturn:
    raise MappingError(
        expected=f"a list at {records!r}, as `records` declares, in {file.label}",
        got=got,
        remedy="correct `records` in the mapping, or leave it out where the file is a list itself",
    )


def _member(data: mmap.mmap, start: int, name: str) -> int | None:
    """Where the value of the key ``name`` of the object at ``start`` begins."""
    if data[start : start + 1] != b"{":
        return None
    position = start + 1
    while found := _KEY.match(data, position):
        if _same_key(found[1], name):
            return found.end()
        end = _value_end(data, found.end())
        comma = _skip(data, end) if end is not None else len(data)
        if data[comma : comma + 1] != b",":
            return None
        position = comma + 1
    return None


def _same_key(written: bytes, name: str) -> bool:
    try:
        return bool(json.loads(written) == name)
    except ValueError:
        return False


def lists_inside(file: InputFile) -> list[str]:
    """Keys of the one object of a file that hold lists of objects: where its records may be."""
    with opened(file.path) as data:
        start = _skip(data, len(_BOM) if data[:3] == _BOM else 0)
        try:
            value = json.loads(data[start : start + MAX_RECORD].decode("utf-8"))
        except (ValueError, RecursionError):
            return []
    if not isinstance(value, dict):
        return []
    return [key for key, item in value.items() if isinstance(item, list) and item and isinstance(item[0], dict)]
