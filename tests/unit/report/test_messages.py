"""The catalogue of French: complete, up to date, and set as French is."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.pofile import read_po

from tribu.errors import ProjectError
from tribu.report.language import ENGLISH, LANGUAGES, read_language, typeset
from tribu.report.messages import catalogue_path, extract_messages, update_catalogue

ROOT = Path(__file__).resolve().parents[3]
LOCALE = ROOT / "reports" / "locale"
OTHERS = LANGUAGES[1:]
GAP = re.compile(r"%\((\w+)\)s|\{(\w+)\}")
NARROW = "\u202f"


def texts(message: object) -> list[str]:
    return [message] if isinstance(message, str) else list(message)  # type: ignore[call-overload]


@pytest.fixture(scope="module")
def said() -> Catalog:
    """What templates and code say today."""
    return extract_messages(ROOT)


@pytest.fixture(params=OTHERS)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    with catalogue_path(ROOT, request.param).open("rb") as file:
        return read_po(file, locale=request.param, abort_invalid=True)


def test_messages_are_found_in_templates_and_in_code(said: Catalog) -> None:
    ids = {text for message in said for text in texts(message.id)}
    assert {"Skip to the content", "Sort by", "%(n)s influencer", "%(n)s influencers", "Found on the map: {n}"} <= ids
    assert len(ids) > 200


def test_no_message_is_missing_none_is_stale(said: Catalog, catalogue: Catalog) -> None:
    translated = {message.id: message for message in catalogue if message.id}
    assert {message.id for message in said if message.id} == set(translated)
    assert not catalogue.obsolete
    for message in translated.values():
        assert not message.fuzzy, message.id
        assert all(texts(message.string)), message.id


def test_gaps_are_those_of_the_english_text(catalogue: Catalog) -> None:
    for message in catalogue:
        if message.id:
            gaps = set(GAP.findall(texts(message.id)[-1]))
            assert {frozenset(GAP.findall(text)) for text in texts(message.string)} == {frozenset(gaps)}, message.id
            assert not list(message.check(catalogue)), message.id


def test_every_plural_form_is_there(catalogue: Catalog) -> None:
    plurals = [message for message in catalogue if isinstance(message.id, tuple)]
    assert plurals
    for message in plurals:
        assert len(message.string) == catalogue.num_plurals, message.id
        assert message.string[0] != message.string[1], message.id


def test_french_is_set_with_its_own_signs(catalogue: Catalog) -> None:
    for message in catalogue:
        for text in texts(message.string) if message.id else []:
            assert "'" not in text, text
            assert '"' not in text, text
            assert NARROW not in text, "the rule sets it"
            assert not re.search(r"[^\s][:;!?»](?!//)|«(?! )", text), text
            assert "  " not in text


def test_the_rule_of_spaces() -> None:
    assert typeset("Non : « oui » ; 5 % ! vraiment ?", "fr") == (
        f"Non{NARROW}: «{NARROW}oui{NARROW}»{NARROW}; 5{NARROW}%{NARROW}! vraiment{NARROW}?"
    )
    assert typeset("sur %(n)s membres", "fr") == "sur %(n)s membres"
    assert typeset("Nothing : changes", "en") == "Nothing : changes"


def test_messages_are_set_once_they_are_read() -> None:
    french = read_language(LOCALE, "fr")
    assert french.gettext("All clusters") == "Tous les segments"
    assert french.gettext("Followers: {n}") == f"Abonnés{NARROW}: {{n}}"
    assert french.ngettext("%(n)s influencer", "%(n)s influencers", 0) == "%(n)s influenceur"
    assert french.ngettext("%(n)s influencer", "%(n)s influencers", 2) == "%(n)s influenceurs"
    assert ENGLISH.ngettext("%(n)s influencer", "%(n)s influencers", 0) == "%(n)s influencers"
    assert read_language(LOCALE, "en") is ENGLISH


@pytest.mark.parametrize(("text", "expected"), [(None, "no such file"), ("hello", "catalogue of messages in")])
def test_a_catalogue_that_cannot_be_read_is_named(tmp_path: Path, text: str | None, expected: str) -> None:
    path = tmp_path / "fr" / "LC_MESSAGES" / "tribu.po"
    path.parent.mkdir(parents=True)
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(ProjectError, match=expected):
        read_language(tmp_path, "fr")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for folder in ("src/tribu/report", "reports/templates", "reports/locale"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def test_a_catalogue_that_is_up_to_date_stays_as_it_is(project: Path) -> None:
    before = catalogue_path(project, "fr").read_bytes()
    assert list(update_catalogue(project, "fr")) == []
    assert catalogue_path(project, "fr").read_bytes() == before


def test_an_update_names_what_is_new_and_drops_what_is_gone(project: Path) -> None:
    base = project / "reports" / "templates" / "base.html"
    base.write_text(base.read_text(encoding="utf-8").replace("Skip to the content", "Skip to it"), encoding="utf-8")
    assert list(update_catalogue(project, "fr")) == ["Skip to it"]
    text = catalogue_path(project, "fr").read_text(encoding="utf-8")
    assert "Skip to the content" not in text
    assert 'msgid "Skip to it"\nmsgstr ""' in text
    assert 'msgstr "Tous les segments"' in text
