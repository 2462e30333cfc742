"""Damaged files of every kind: an import ends with counts that add up or with one clear error, and never otherwise."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tribu.errors import TribuError
from tribu.landing.importing import import_files
from tribu.landing.store import check_landing

HEADER = ["platform", "account_id", "handle", "bio"]
RECORDS = [["x", str(7123456789012345678 + number), f"user{number}", f'b"i\no, {number} café'] for number in range(30)]


def text(mark: str, encoding: str) -> bytes:
    content = io.StringIO()
    csv.writer(content, delimiter=mark).writerows([HEADER, *RECORDS])
    return content.getvalue().encode(encoding)


def workbook() -> bytes:
    book = openpyxl.Workbook()
    for record in [["List of May"], HEADER, *RECORDS]:
        book.active.append(record)
    book.create_sheet("more").append(HEADER)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def archive(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as packed:
        for name, member in members.items():
            packed.writestr(zipfile.ZipInfo(name), member, method)
    return content.getvalue()


def unpacked(content: bytes) -> bytes:
    """The same workbook without compression, so that damage reaches the XML in it."""
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        return archive({one.filename: old.read(one) for one in old.infolist()}, zipfile.ZIP_STORED)


def parquet() -> bytes:
    content = io.BytesIO()
    table = pa.Table.from_pylist([dict(zip(HEADER, record, strict=True)) for record in RECORDS])
    pq.write_table(table, content)
    return content.getvalue()


OBJECTS = [dict(zip(HEADER, record, strict=True)) for record in RECORDS]
WHOLE = {
    "comma": text(",", "utf-8"),
    "semicolon": text(";", "utf-8-sig"),
    "cp1252": text("\t", "cp1252"),
    "utf-16": text(",", "utf-16"),
    "workbook": workbook(),
    "stored workbook": unpacked(workbook()),
    "list": json.dumps(OBJECTS).encode(),
    "lines": b"\n".join(json.dumps(one, ensure_ascii=False).encode() for one in OBJECTS),
    "nested": json.dumps([{"platform": "x", "handle": "a", "bio": [[{"b": OBJECTS[:2]}]]}] * 3, indent=1).encode(),
    "parquet": parquet(),
    "gzip": gzip.compress(text(",", "utf-8"), mtime=0),
    "zip": archive({"a.csv": text(",", "utf-8"), "b.json": json.dumps(OBJECTS).encode()}),
    "stored zip": archive({"a.csv": text(",", "utf-8"), "b.xlsx": workbook()}, zipfile.ZIP_STORED),
}

PIECE = st.binary(max_size=6) | st.sampled_from(
    [b'"', b"\n", b"\r", b",", b"\0", b"{", b"}", b"[", b"]", b"\\", b"\xff", b"\xef\xbb\xbf", b"<row r='9999999999'/>"]
)
DAMAGE = st.lists(
    st.tuples(st.sampled_from(["replace", "insert", "remove", "cut", "repeat"]), st.floats(0, 1), PIECE),
    min_size=1,
    max_size=4,
)


def damaged(content: bytes, damage: list[tuple[str, float, bytes]]) -> bytes:
    for kind, share, piece in damage:
        place = int(share * len(content))
        if kind == "replace":
            content = content[:place] + piece + content[place + len(piece) :]
        elif kind == "insert":
            content = content[:place] + piece + content[place:]
        elif kind == "remove":
            content = content[:place] + content[place + 1 + len(piece) :]
        elif kind == "cut":
            content = content[:place]
        else:
            content = content[:place] + content[place // 2 :]
    return content


@pytest.mark.parametrize("kind", WHOLE)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damage=DAMAGE)
def test_a_damaged_file_is_accounted_for_or_refused(
    tmp_path_factory: pytest.TempPathFactory, kind: str, damage: list[tuple[str, float, bytes]]
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    path = folder / "export"
    path.write_bytes(damaged(WHOLE[kind], damage))
    landing = folder / "landing"
    try:
        result = import_files(landing, [path])
    except TribuError:
        assert not landing.exists()
        return
    # That read = landed + duplicate + rejected, and that as many rows were written, the import itself checks.
    assert check_landing(landing)
    for table in ("accounts", "rejects"):
        (batch,) = (landing / table).glob("*.parquet")
        rows = pq.ParquetFile(batch).metadata.num_rows
        counted = (one.landed if table == "accounts" else one.rejected for one in result.outcomes)
        assert rows == sum(counted)


@pytest.mark.parametrize("kind", WHOLE)
def test_undamaged_they_all_land(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "export"
    path.write_bytes(WHOLE[kind])
    result = import_files(tmp_path / "landing", [path])
    assert sum(one.rejected for one in result.outcomes) == 0
    assert sum(one.landed for one in result.outcomes) == {"nested": 1, "zip": 60, "stored zip": 60}.get(kind, 30)
