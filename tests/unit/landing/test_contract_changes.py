"""A change of the landing contract is told to those who have landed: with the fingerprint that it has from then on."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pyarrow as pa
import pytest

from tribu.landing import contract

CHANGELOG = Path(__file__).resolve().parents[3] / "CHANGELOG.md"
TABLES = (*contract.TABLE_COLUMNS, "rejects", "imports", "collections", "forgotten")


def fingerprint() -> str:
    """Eight signs of everything that another version of Tribu would have to know of a landing folder."""
    schemas = {table: contract.table_schema(table) for table in TABLES} | {"runs": contract.RUN_SCHEMA}
    said = [
        f"format {contract.FORMAT} {contract.MARKER}",
        *(f"{table}.{field.name} {field.type}" for table, schema in schemas.items() for field in schema),
        f"{sorted(contract.NUMBER_LOCALES.items())} {contract.DATE_ORDERS} {contract.UNITS}",
    ]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:8]


def test_the_changelog_has_the_contract_of_today_last() -> None:
    told = re.findall(r"[Ll]anding contract `([0-9a-f]{8})`", CHANGELOG.read_text(encoding="utf-8"))
    assert told, "the CHANGELOG names no contract"
    assert told[-1] == fingerprint(), (
        f"the landing contract has changed: say in CHANGELOG.md what that means for landed folders, with: landing contract `{fingerprint()}`; "
        "and keep a folder of the contract before in tests/fixtures/upgrade"
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FORMAT", 2),
        ("RUN_SCHEMA", pa.schema([pa.field("run_id", pa.int64())])),
        ("TABLE_COLUMNS", {**contract.TABLE_COLUMNS, "posts": (*contract.POST_COLUMNS, "mood")}),
        ("UNITS", (*contract.UNITS, "dozen")),
    ],
)
def test_any_change_of_it_is_another_contract(monkeypatch: pytest.MonkeyPatch, name: str, value: object) -> None:
    before = fingerprint()
    monkeypatch.setattr(contract, name, value)
    assert fingerprint() != before
