"""Pseudonyms: what they replace, that they hold, and that nothing of a name is left in a site."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.unit.report.conftest import ASSETS, LOCALE, TEMPLATES, make_tables
from tests.unit.report.test_influencer_page import with_people

from tribu.errors import ProjectError
from tribu.report.language import LANGUAGES, read_language
from tribu.report.pseudonyms import KEY_VARIABLE, pseudonym, pseudonym_key, pseudonymised
from tribu.report.site import render_site

SECRET = b"a secret of the tests, and of nobody else"


def one(**columns: list[Any]) -> dict[str, list[Any]]:
    """Pseudonymise a table of these columns and return it as lists."""
    result: dict[str, list[Any]] = pseudonymised({"rpt_any": pa.table(columns)}, SECRET)["rpt_any"].to_pydict()
    return result


def test_the_same_person_has_one_pseudonym_and_others_have_others() -> None:
    rows = one(influencer_key=["a", "b", "a"], lookalike_key=["b", "a", None])
    first, second, third = rows["influencer_key"]
    assert first == third != second
    assert rows["lookalike_key"] == [second, first, None]


def test_a_pseudonym_depends_on_the_secret() -> None:
    # RFC 2104 over SHA-256, computed by hand: `printf a | openssl dgst -sha256 -hmac key`
    assert pseudonym("a", b"key") == "p-" + "780c3db4ce3d"
    assert pseudonym("a", b"key") != pseudonym("a", b"another key")


def test_names_go_where_there_is_a_key_and_become_pseudonyms_where_there_is_none() -> None:
    assert one(influencer_key=["a"], handle=["nasa"], display_name=["NASA"])["handle"] == [None]
    first, second, third = one(handle=["nasa", "NASA", "esa"])["handle"]
    assert first == second != third
    assert "nasa" not in first


@pytest.mark.parametrize(
    "column", ["profile_url", "url", "bio", "caption", "captions", "link", "email", "display_name", "handle"]
)
def test_what_names_somebody_is_removed(column: str) -> None:
    assert one(influencer_key=["a"], **{column: ["nasa"]})[column] == [None]


@pytest.mark.parametrize("column", ["account_id", "post_id", "influencer_key", "lookalike_key", "post_key"])
def test_ids_and_keys_become_pseudonyms(column: str) -> None:
    assert one(**{column: ["4711"]})[column] == [pseudonym("4711", SECRET)]


@pytest.mark.parametrize("column", ["cluster_key", "cluster_name_en", "platform", "feature_label_en", "cluster_run_id"])
def test_what_names_nobody_stays(column: str) -> None:
    assert one(influencer_key=["a"], **{column: ["c01"]})[column] == ["c01"]


def test_lists_of_names_are_replaced_one_by_one() -> None:
    (names,) = one(excluded_handles=[["nasa", "esa"]])["excluded_handles"]
    assert len(set(names)) == 2
    assert "nasa" not in names


def test_figures_of_people_are_rounded_and_those_of_groups_are_not() -> None:
    rows = one(
        influencer_key=["a"],
        followers_count=[12_345],
        er_followers=[0.023456],
        posts_per_week=[0.0],
        confidence=[0.4242],
    )
    assert rows["followers_count"] == [12_000]
    assert rows["er_followers"] == [0.023]
    assert rows["posts_per_week"] == [0.0]
    assert rows["confidence"] == [0.4242]
    assert one(cluster_key=["c01"], followers_count=[12_345])["followers_count"] == [12_345]


def test_terms_that_are_or_hold_a_name_are_left_out() -> None:
    tables = {
        "rpt_members": pa.table({"handle": ["Cristiano_Ronaldo", "food"]}),
        "rpt_terms": pa.table({"term": ["#cristianoronaldofans", "#food", "#foodie", "#travel"], "rank": [1, 2, 3, 4]}),
    }
    assert pseudonymised(tables, SECRET)["rpt_terms"].column("term").to_pylist() == ["#foodie", "#travel"]


def test_types_and_unknown_values_stay() -> None:
    table = pa.table({"influencer_key": pa.array([None, "a"]), "followers_count": pa.array([None, 7], pa.int32())})
    result = pseudonymised({"t": table}, SECRET)["t"]
    assert result.schema.field("followers_count").type == pa.int32()
    assert result.column("influencer_key").null_count == 1


def test_a_broken_handle_does_not_stop_it() -> None:
    broken = pa.array([b"caf\xe9"], pa.binary()).view(pa.string())
    assert one(handle=broken)["handle"][0].startswith("p-")


def test_the_secret_comes_from_the_environment_or_is_new_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "sixteen letters!")
    assert pseudonym_key() == b"sixteen letters!"
    monkeypatch.setenv(KEY_VARIABLE, "too short")
    with pytest.raises(ProjectError, match="at least 16 characters in TRIBU_PSEUDONYM_KEY"):
        pseudonym_key()
    monkeypatch.delenv(KEY_VARIABLE)
    assert pseudonym_key() != pseudonym_key()


def all_names(tables: dict[str, pa.Table]) -> set[str]:
    columns = ("influencer_key", "lookalike_key", "handle", "display_name", "profile_url", "account_id")
    return {
        str(value)
        for table in tables.values()
        for column in columns
        if column in table.column_names
        for value in table.column(column).to_pylist()
        if value is not None
    }


def render(tables: dict[str, pa.Table], folder: Path, key: bytes | None) -> Path:
    languages = [read_language(LOCALE, code) for code in LANGUAGES]
    return render_site(
        tables, templates=TEMPLATES, assets=ASSETS, out_dir=folder, languages=languages, pseudonym_key=key
    ).parent


def written(site: Path) -> str:
    """Everything of the site but the assets, which know no influencer: names of files, and what is in them."""
    files = [path for path in site.rglob("*") if path.is_file() and "assets" not in path.parts]
    return "\n".join(f"{path.relative_to(site)}\n{path.read_text(encoding='utf-8')}" for path in sorted(files))


def test_nothing_of_a_name_is_left_in_the_site(tmp_path: Path) -> None:
    tables = dict(with_people())
    names = all_names(tables)
    plain = written(render(tables, tmp_path / "plain", None))
    assert len([name for name in names if name in plain]) > 100, "the check would find names if there were any"
    hidden = written(render(tables, tmp_path / "hidden", SECRET))
    assert [name for name in names if name in hidden] == []
    assert pseudonym("key_00000", SECRET) in hidden


def guesses(name: str) -> set[str]:
    """The first digits of every hash of a name that somebody can make who has the list and the program, but not the secret."""
    texts = {name.encode(), name.lower().encode()}
    plain = {
        hashlib.new(kind, text).hexdigest() for kind in ("md5", "sha1", "sha256", "sha512", "blake2b") for text in texts
    }
    keys = (b"", b"tribu", bytes(32), SECRET[:-1], SECRET.upper())
    keyed = {hmac.digest(key, text, "sha256").hex() for key in keys for text in texts}
    return {digest[: len(pseudonym("x", SECRET)) - len("p-")] for digest in plain | keyed}


def test_without_the_secret_hashing_the_whole_list_finds_nobody(tmp_path: Path) -> None:
    tables = dict(with_people())
    hidden = written(render(tables, tmp_path / "hidden", SECRET))
    pseudonyms = set(re.findall(r"p-([0-9a-f]{12})", hidden))
    found_with_it = {name for name in all_names(tables) if pseudonym(name, SECRET).removeprefix("p-") in pseudonyms}
    assert len(found_with_it) > 100, "the attack would find them if it had the secret"
    assert {name for name in all_names(tables) if guesses(name) & pseudonyms} == set()


def test_every_page_and_the_figures_say_that_names_are_replaced(tmp_path: Path) -> None:
    site = render(dict(make_tables()), tmp_path / "site", SECRET)
    for page in site.rglob("*.html"):
        said = "remplacés par des pseudonymes" if "fr" in page.relative_to(site).parts else "replaced by pseudonyms"
        assert said in page.read_text(encoding="utf-8"), page
    assert json.loads((site / "report.json").read_text(encoding="utf-8"))["is_pseudonymised"] is True
    plain = render(dict(make_tables()), tmp_path / "plain", None)
    assert "pseudonyms" not in (plain / "index.html").read_text(encoding="utf-8")
    assert json.loads((plain / "report.json").read_text(encoding="utf-8"))["is_pseudonymised"] is False


def test_with_the_same_secret_the_site_is_the_same(tmp_path: Path) -> None:
    tables = dict(make_tables())
    once, again = (written(render(tables, tmp_path / name, SECRET)) for name in ("once", "again"))
    assert once == again
    assert written(render(tables, tmp_path / "other", b"x" * 32)) != once
