"""Headers as people write them, in seven languages, with their slips."""

from __future__ import annotations

import pytest

from tribu.landing.contract import ACCOUNT_COLUMNS, POST_COLUMNS
from tribu.landing.drafting import words
from tribu.landing.drafting.words import HeaderMeaning, read_header, split_words


def best(found: dict[str, float]) -> str:
    return max(found, key=lambda name: found[name])


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("User Name", "handle"),
        ("userName", "handle"),
        ("USER_NAME", "handle"),
        ("Nom d’utilisateur", "handle"),
        ("Nombre de usuario", "handle"),
        ("nome de utilizador", "handle"),
        ("Benutzername", "handle"),
        ("사용자 이름", "handle"),
        ("用户名", "handle"),
        ("Channel\r\nTitle", "display_name"),
        ("昵称", "display_name"),
        ("Pays", "country"),
        ("País", "country"),
        ("국가", "country"),
        ("Audience country(mostly)", "audience_country"),
        ("Kategorie", "category"),
        ("Vérifié", "is_verified"),
        ("발행일 게시일", "posted_at"),
        ("发布时间", "posted_at"),
        ("Taux d'engagement", "engagement_rate"),
        ("互动率", "engagement_rate"),
        ("Lien du profil", "profile_url"),
        ("Countri", "country"),
        ("youTuber", "handle"),
    ],
)
def test_a_header_names_its_column(header: str, column: str) -> None:
    found = read_header(header)
    assert best(found.columns) == column
    assert found.columns[column] >= 0.6


@pytest.mark.parametrize(
    ("header", "measure", "qualifier"),
    [
        ("Suscribers", "followers", None),
        ("#Followers", "followers", None),
        ("Nombre d'abonnés", "followers", None),
        ("구독자 수", "followers", None),
        ("粉丝数(万)", "followers", None),
        ("Media Count", "posts", None),
        ("Ø Gefällt-mir-Angaben", "likes", "average"),
        ("Durchschnittliche Kommentare", "comments", "average"),
        ("Avg. Views per Video", "views", "average"),
        ("Media de me gusta", "likes", "average"),
        ("평균 조회수", "views", "average"),
        ("获赞总数", "likes", "total"),
        ("Total Views", "views", "total"),
        ("n_total_vids", "posts", "total"),
    ],
)
def test_a_header_names_its_measure(header: str, measure: str, qualifier: str | None) -> None:
    found = read_header(header)
    assert best(found.measures) == measure
    assert found.measures[measure] >= 0.6
    assert found.qualifier == qualifier


@pytest.mark.parametrize(
    "header", ["Followers Growth 30d", "subscribers_for_last_30_days", "Country rank", "Price per post", "排名"]
)
def test_a_stranger_among_the_words_takes_the_evidence_away(header: str) -> None:
    found = read_header(header)
    assert max([*found.columns.values(), *found.measures.values()], default=0.0) < 0.4


def test_more_words_than_those_that_are_known_weigh_less() -> None:
    assert read_header("Followers").measures["followers"] > read_header("Followers of partner").measures["followers"]


@pytest.mark.parametrize("header", ["", "   ", "\ufeff", "№", "\x00\x1f", "?" * 5000])
def test_a_header_without_words_says_nothing(header: str) -> None:
    assert read_header(header) == HeaderMeaning()


def test_units_stand_in_headers() -> None:
    assert "percent" in read_header("Engagement (%)").units
    assert "thousand" in read_header("Abonnenten (Tsd.)").units
    assert "minutes" in read_header("Duration (minutes)").units


def test_every_landing_column_has_words_in_all_seven_languages() -> None:
    file = words._file()
    measured = {
        "avg_likes",
        "avg_comments",
        "avg_views",
        "avg_shares",
        "avg_interactions",
        "total_views",
        "total_likes",
    }
    known = {*file["columns"], *file["measures"]} | measured | {"source"}
    assert {*ACCOUNT_COLUMNS, *POST_COLUMNS} <= known
    for section in ("columns", "measures"):
        for name, languages in file[section].items():
            assert set(languages) == {"en", "fr", "es", "pt", "de", "ko", "zh"}, name


def test_words_part_at_punctuation_capitals_and_digits_stay() -> None:
    assert split_words("\ufeffAvgLikes_60-day (É)") == ("avg", "likes", "60", "day", "e")
