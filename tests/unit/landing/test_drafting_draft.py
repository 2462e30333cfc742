"""Drafts for exports that no shipped mapping knows: what they map, what they ask, and that import waits for answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.unit.landing.invented_exports import EXPORTS, handle, name, size

from tribu.errors import InputFileError, MappingError
from tribu.landing.drafting.draft import Draft, DraftColumn, draft_mapping
from tribu.landing.drafting.text import draft_data, draft_yaml, quoted
from tribu.landing.importing import import_files
from tribu.landing.mapping_file import parse_mapping

Write = Callable[..., Path]
Rows = Callable[[str], list[dict[str, Any]]]


def table(**columns: Callable[[int], object]) -> str:
    """A CSV file of forty rows, a function per column; `__` in a name is a space."""
    headers = ",".join(header.replace("__", " ") for header in columns)
    return "\n".join([headers, *(",".join(str(make(n)) for make in columns.values()) for n in range(1, 41))]) + "\n"


def of(draft: Draft) -> dict[str, str]:
    return {column.key: column.column for column in draft.columns if column.column}


def column(draft: Draft, key: str) -> DraftColumn:
    return next(one for one in draft.columns if one.key == key)


@pytest.mark.parametrize("file", EXPORTS)
def test_exports_in_seven_languages(file: str, write: Write) -> None:
    make, truth = EXPORTS[file]
    draft = draft_mapping(write(file, make()))
    assert of(draft) == truth
    # What it writes is a mapping: the reader of mappings takes it.
    (variant,) = parse_mapping(draft_yaml(draft), "draft").variants
    assert {column for one in variant.tables for column in one.columns} >= set(truth.values())
    assert variant.unsettled == draft.unsettled


def test_how_the_file_is_written_is_part_of_the_draft(write: Write) -> None:
    drafts = {file: draft_mapping(write(file, make())) for file, (make, _) in EXPORTS.items()}
    german, french, chinese = (drafts[one] for one in ("instagram_liste.csv", "influenceurs.csv", "douyin.txt"))
    assert (german.sample.delimiter, german.number_locale, german.date_order) == (";", "de", "dmy")
    assert (french.sample.encoding, french.number_locale, french.null_spellings) == ("cp1252", "fr", ("n.c.",))
    assert "encoding" in french.unsettled
    assert (chinese.sample.encoding, chinese.sample.delimiter, chinese.platform) == ("utf-16", "\t", "tiktok")
    assert drafts["publicaciones.csv"].tables == ("posts",)
    assert drafts["publicaciones.csv"].platform == "instagram"


@pytest.mark.parametrize("file", EXPORTS)
def test_a_settled_draft_imports(file: str, write: Write, landing: Path) -> None:
    path = write(file, EXPORTS[file][0]())
    text = re.sub(r"(?m)^    unsettled:\n(      .*\n)+", "", draft_yaml(draft_mapping(path)))
    mapping = write("settled.yml", text)
    outcomes = import_files(landing, [path], mapping=str(mapping)).outcomes
    assert {(one.read, one.landed, one.rejected) for one in outcomes} == {(60, 60, 0)}


def test_values_win_over_a_header_that_they_contradict(write: Write) -> None:
    content = table(
        handle=handle,
        Followers=size,
        Views__avg=lambda n: ["United States", "Brazil", "India"][n % 3],
        Likes__avg=lambda n: size(n) // 30,
    )
    draft = draft_mapping(write("list.csv", content))
    assert of(draft)["Views avg"] == "country"
    assert "audience_country" in draft.unsettled["country"]


def test_of_a_measure_written_twice_the_exact_number_is_taken(write: Write) -> None:
    content = "handle,followers,followers\n" + "".join(
        f"{handle(n)},{size(n) / 1000:.1f}K,{size(n)}\n" for n in range(1, 40)
    )
    draft = draft_mapping(write("list.csv", content))
    assert of(draft) == {"handle": "handle", "followers (2)": "followers"}
    assert "followers (2)" in str(column(draft, "followers").note)
    assert "followers" not in draft.unsettled


def test_dates_that_read_both_ways_are_asked_about(write: Write) -> None:
    ambiguous = table(handle=handle, date=lambda n: f"0{1 + n % 9}/0{1 + n % 7}/2026", followers=size)
    assert "date_order" in draft_mapping(write("a.csv", ambiguous)).unsettled
    clear = table(handle=handle, date=lambda n: f"0{1 + n % 9}/{1 + n % 28:02d}/2026", followers=size)
    draft = draft_mapping(write("b.csv", clear))
    assert draft.date_order == "mdy"
    assert "date_order" not in draft.unsettled


def test_numbers_that_read_both_ways_are_asked_about(write: Write) -> None:
    ambiguous = table(handle=handle, followers=lambda n: f"{1 + n}.{100 + n}")
    assert "number_locale" in draft_mapping(write("a.csv", ambiguous)).unsettled
    clear = table(handle=handle, followers=lambda n: f"{n}.{100 + n}.{200 + n}")
    draft = draft_mapping(write("b.csv", clear))
    assert (draft.number_locale, "number_locale" in draft.unsettled) == ("fr", False)


@pytest.mark.parametrize(("share", "column_name"), [(0.03, "avg_likes"), (50, "total_likes"), (1, None)])
def test_likes_are_averages_or_totals_by_their_size(share: float, column_name: str | None, write: Write) -> None:
    draft = draft_mapping(write("a.csv", table(handle=handle, followers=size, likes=lambda n: int(size(n) * share))))
    if column_name:
        assert of(draft)["likes"] == column_name
        assert column_name not in draft.unsettled
    else:
        assert of(draft)["likes"] in draft.unsettled


def test_more_comments_than_likes_are_asked_about(write: Write) -> None:
    content = table(
        handle=handle, followers=size, avg__likes=lambda n: size(n) // 40, avg__comments=lambda n: size(n) // 20
    )
    assert "avg_comments" in draft_mapping(write("a.csv", content)).unsettled


def test_a_list_without_a_name_gets_a_row_key_and_asks(write: Write) -> None:
    draft = draft_mapping(write("a.csv", table(followers=size, posts=lambda n: n * 3, fake=lambda n: n % 2)))
    assert (draft.row_key, of(draft)) == ("row", {"followers": "followers", "posts": "posts"})
    assert {"handle", "platform"} <= set(draft.unsettled)


def test_names_stand_for_handles_only_when_somebody_says_so(write: Write) -> None:
    draft = draft_mapping(write("a.csv", table(name=lambda n: f"The {name(n)} Show", subscribers=size)))
    assert of(draft)["name"] == "handle"
    assert "handle" in draft.unsettled


def test_an_id_in_the_address_identifies_the_account(write: Write) -> None:
    content = table(
        name=name, subscribers=size, url=lambda n: f"https://www.youtube.com/channel/UC{n:04d}{'abcdefghi_' * 2}"[:56]
    )
    draft = draft_mapping(write("a.csv", content))
    assert set(column(draft, "url").parts) == {"account_id"}
    assert draft.platform == "youtube"
    (variant,) = parse_mapping(draft_yaml(draft), "draft").variants
    assert set(variant.tables[0].patterns) == {"account_id"}


def test_a_list_of_posts_feeds_accounts_with_what_it_says_of_them(write: Write) -> None:
    content = table(
        video__id=lambda n: 6892428462015958273 + n,
        username=lambda n: handle(n % 7),
        create__time=lambda n: 1604786417 + n * 3600,
        likes=lambda n: size(n) // 20,
        followers=lambda n: size(n % 7 + 1),
        country=lambda n: "FR",
    )
    draft = draft_mapping(write("tiktok.csv", content))
    assert draft.tables == ("posts", "accounts")
    assert column(draft, "username").tables == ("posts", "accounts")
    assert column(draft, "followers").tables == ("accounts",)
    # Where a post was seen, or where its account is from: the header does not say.
    assert column(draft, "country").column is None


def test_sensitive_columns_are_named_and_their_values_are_not_shown(write: Write) -> None:
    content = table(
        handle=handle,
        followers=size,
        Gender=lambda n: "MF"[n % 2],
        write__to=lambda n: f"{handle(n)}@example.org",
        Genre=lambda n: "Jazz",
    )
    draft = draft_mapping(write("a.csv", content))
    assert {one.key: one.sensitive for one in draft.columns if one.sensitive} == {
        "Gender": "gender",
        "write to": "e-mail",
    }
    assert of(draft)["Genre"] == "category"
    text = draft_yaml(draft)
    assert "example.org" not in text
    assert "example.org" not in json.dumps(draft_data(draft))
    (variant,) = parse_mapping(text, "draft").variants
    landed = {key for one in variant.tables for key in one.extra}
    assert not landed & {"Gender", "write to"}


def test_dates_of_file_names(write: Write) -> None:
    content = table(handle=handle, followers=size)
    found = {
        file: draft_mapping(write(file, content)).observed_at
        for file in ("x 2026-02-03.csv", "x june 2022.csv", "x.csv")
    }
    assert found == {"x 2026-02-03.csv": "2026-02-03", "x june 2022.csv": "2022-06-01", "x.csv": None}


def test_import_refuses_what_is_not_settled_and_names_it(write: Write, landing: Path) -> None:
    path = write("a.csv", table(user=handle, followers=size))
    mapping = write("a.yml", draft_yaml(draft_mapping(path)))
    with pytest.raises(MappingError) as told:
        import_files(landing, [path], mapping=str(mapping))
    assert "platform" in told.value.got
    assert "unsettled" in told.value.remedy
    assert not landing.exists()


def test_the_command_line_settles_the_platform(write: Write, landing: Path, rows: Rows) -> None:
    path = write("a.csv", table(user=handle, followers=size))
    mapping = write("a.yml", draft_yaml(draft_mapping(path)))
    import_files(landing, [path], mapping=str(mapping), platform="x")
    assert {row["platform"] for row in rows("accounts")} == {"x"}


def test_a_large_file_is_sampled_in_three_places(write: Write) -> None:
    # 30,000 records; only those of the end tell that the day comes first.
    lines = [f"{handle(n)},{size(n)},{'01' if n < 29_000 else '25'}/02/2026,{'x' * 40}" for n in range(30_000)]
    draft = draft_mapping(write("a.csv", "handle,followers,date,note\n" + "\n".join(lines) + "\n"))
    assert not draft.sample.is_whole
    assert len(draft.sample.records) <= 3 * 2700
    assert draft.date_order == "dmy"
    assert "date_order" not in draft.unsettled


def test_a_rule_under_the_header_is_skipped(write: Write) -> None:
    content = "user\tfollowers\n=====\t=====\n" + "".join(f"{handle(n)}\t{size(n)}\n" for n in range(30))
    draft = draft_mapping(write("a.txt", content))
    assert (draft.sample.skip_lines_after_header, draft.sample.delimiter) == (1, "\t")


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\x00\x01\x02,binary\n", b"PK\x03\x04rest"])
def test_what_is_no_text_is_refused(content: bytes, write: Write) -> None:
    with pytest.raises(InputFileError):
        draft_mapping(write("a.csv", content))


@pytest.mark.parametrize("content", ["handle\n", "handle,followers\n", "a,b,c\n1,2\n", "x\n" * 3, ",,,\n1,2,3,4\n"])
def test_files_with_nothing_to_go_by_still_give_a_mapping_to_settle(content: str, write: Write) -> None:
    draft = draft_mapping(write("a.csv", content))
    assert draft.unsettled
    parse_mapping(draft_yaml(draft), "draft")


@given(text=st.text(max_size=60))
def test_no_text_ends_its_quotation_marks(text: str) -> None:
    import yaml

    assert yaml.load(f"key: [{quoted(text)}]\n", Loader=yaml.BaseLoader) == {"key": [text]}  # noqa: S506


@settings(deadline=None, max_examples=40)
@example([["\x1b", "", ""], ["GL", "", "GL"]])
@given(st.lists(st.lists(st.text(max_size=12), min_size=3, max_size=3), min_size=2, max_size=6))
def test_no_content_breaks_a_draft(tmp_path_factory: pytest.TempPathFactory, cells: list[list[str]]) -> None:
    import csv

    path = tmp_path_factory.mktemp("draft") / "a.csv"
    with path.open("w", newline="", encoding="utf-8", errors="replace") as stream:
        csv.writer(stream).writerows(cells)
    try:
        draft = draft_mapping(path)
    except InputFileError:
        return
    parse_mapping(draft_yaml(draft), "draft")


def test_a_moment_in_a_list_of_posts_is_that_of_the_post(write: Write) -> None:
    posts = [
        {
            "shortCode": f"C{n}xY{n}z",
            "ownerUsername": handle(n % 8),
            "likesCount": n,
            "timestamp": f"2026-08-{n:02}T10:00:00Z",
        }
        for n in range(1, 29)
    ]
    draft = draft_mapping(write("posts.json", json.dumps(posts)))
    assert (of(draft)["timestamp"], draft.tables) == ("posted_at", ("posts",))


def test_a_rate_of_views_is_no_count_of_them_and_the_last_post_no_day_of_the_list(write: Write) -> None:
    made = table(
        Creator=handle,
        Followers=size,
        ER__by__views=lambda n: f"0.0{n}",
        Likes__per__follower__ratio=lambda n: f"0.{n}",
        Last__Post=lambda n: f"2026-08-{n % 28 + 1:02}",
    )
    draft = draft_mapping(write("tiktok.csv", made))
    assert of(draft) == {"Creator": "handle", "Followers": "followers", "ER by views": "engagement_rate"}
    assert "engagement_rate" in draft.unsettled


@pytest.mark.parametrize(
    ("first", "asked"),
    [
        ("lina.cooks,8372,FR", "reads like a record"),
        ("handle,2026-08-01,2026-08-08", "2026-08-01, 2026-08-08, ... are dates"),
        ("handle,followers,country", None),
    ],
)
def test_a_first_line_that_is_no_header_is_asked_about(first: str, asked: str | None, write: Write) -> None:
    records = [f"{handle(n)},{size(n)},FR" if "FR" in first or not asked else f"{handle(n)},{n},{n}" for n in range(30)]
    found = draft_mapping(write("list.csv", "\n".join([first, *records]))).unsettled.get("headers")
    assert (asked in found) if asked and found else (found is asked)
