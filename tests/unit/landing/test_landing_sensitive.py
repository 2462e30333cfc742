"""Sensitive columns: known by their headers, named, and landed only for who asks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tribu.landing.importing import import_files
from tribu.landing.sensitive import sensitive_columns, sensitive_subject, sensitive_words

MACRO = Path(__file__).parents[3] / "dbt_project" / "macros" / "own_features.sql"
SUBJECTS = {"age", "gender", "ethnicity", "religion", "sexuality", "health", "politics", "e-mail", "phone"}

MAPPING = """
name: lists
title: Lists
variants:
  - name: lists
    headers: [User, Fans, Gender, E-Mail, City]
    {more}
    tables:
      accounts:
        constants: {{platform: x}}
        columns: {{handle: User, followers: Fans}}
"""
DATA = "User,Fans,Gender,E-Mail,City\n" + "".join(f"u{n},{n * 100},f,u{n}@example.org,Pau\n" for n in range(12))

Write = Callable[..., Path]
Rows = Callable[[str], list[dict[str, Any]]]


@pytest.mark.parametrize(
    ("header", "subject"),
    [
        ("Gender", "gender"),
        ("userAge", "age"),
        ("Date de naissance", "age"),
        ("Ethnicity", "ethnicity"),
        ("religion_code", "religion"),
        ("Sexual orientation", "sexuality"),
        ("Health issues", "health"),
        ("Politische Haltung", "politics"),
        ("Contact e-mail", "e-mail"),
        ("Téléphone", "phone"),
        ("성별", "gender"),
        ("联系电话", "phone"),
        ("Audience Male %", "gender"),
    ],
)
def test_headers_that_are_sensitive(header: str, subject: str) -> None:
    assert sensitive_subject(header) == subject


@pytest.mark.parametrize(
    "header", ["Account age (days)", "Page", "Engagement", "Average views", "Language", "Message", "Followers", ""]
)
def test_headers_that_are_not(header: str) -> None:
    assert sensitive_subject(header) is None


def test_every_word_has_a_known_kind_and_subject_and_stands_once() -> None:
    assert {kind for _, kind, _ in sensitive_words()} == {"whole", "beginning", "part"}
    assert {subject for _, _, subject in sensitive_words()} == SUBJECTS
    assert len({(word, kind) for word, kind, _ in sensitive_words()}) == len(sensitive_words())


def test_the_words_are_those_that_features_refuse() -> None:
    text = MACRO.read_text(encoding="utf-8")
    text = text[text.index("macro sensitive_words") :]
    text = text[: text.index("endmacro")]
    whole, rest = text.split("'beginnings'")
    beginnings, parts = rest.split("'parts'")
    found = {
        "whole": set(re.findall(r"'([^']+)'", whole.split("'words'")[1])),
        "beginning": set(re.findall(r"'([^']+)'", beginnings)),
        "part": set(re.findall(r"'([^']+)'", parts)),
    }
    for kind, expected in found.items():
        assert {word for word, one, _ in sensitive_words() if one == kind} == expected


def test_columns_by_their_place() -> None:
    assert sensitive_columns(["a", "Age", "age"]) == {1: "age", 2: "age"}


@pytest.mark.parametrize(
    ("more", "with_sensitive", "landed"),
    [
        ("", False, {"City"}),
        ("", True, {"Gender", "E-Mail", "City"}),
        ("keep_sensitive: [Gender]", False, {"Gender", "City"}),
        ("ignore: [Gender]", True, {"E-Mail", "City"}),
    ],
)
def test_they_land_for_who_asks(
    more: str, with_sensitive: bool, landed: set[str], write: Write, landing: Path, rows: Rows
) -> None:
    said: list[str] = []
    mapping = write("lists.yml", MAPPING.format(more=more))
    import_files(landing, [write("a.csv", DATA)], mapping=str(mapping), with_sensitive=with_sensitive, say=said.append)
    assert {key for row in rows("accounts") for key in json.loads(row["extra"])} == landed
    named = " ".join(line for line in said if "sensitive" in line)
    assert ("E-Mail (e-mail)" in named) == (not with_sensitive)


def test_a_sensitive_column_that_is_mapped_lands(write: Write, landing: Path, rows: Rows) -> None:
    text = MAPPING.format(more="").replace("followers: Fans", "category: Gender")
    import_files(landing, [write("a.csv", DATA)], mapping=str(write("lists.yml", text)))
    assert {row["category"] for row in rows("accounts")} == {"f"}
