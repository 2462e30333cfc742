"""Writes people and posts as the sources would export them: text, a file per source, table and month."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final

import numpy as np

from tribu.landing.contract import TABLE_COLUMNS
from tribu.sample import dirt
from tribu.sample.archetypes import PLATFORMS
from tribu.sample.dirt import Columns, Coverage
from tribu.sample.people import REFERENCE_DATE, Bools, Floats, Ints, People
from tribu.sample.phrases import (
    AD_HASHTAGS,
    BIOS,
    CAPTIONS,
    EMOJI,
    GENERAL_HASHTAGS,
    LANGUAGE_SPELLINGS,
    LANGUAGES,
    MARKETS,
    MARKUP_BIOS,
    NICHES,
)
from tribu.sample.posts import WEEKS, Posts, post_ids, reference_seconds
from tribu.sample.sources import (
    SOURCES,
    Source,
    spell_count,
    spell_decimal,
    spell_hashtags,
    spell_moment,
    spell_rate,
)

OBSERVED: Final = (date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31), REFERENCE_DATE)
"""Dates at which the sources looked."""

_DAY: Final = 86_400


@dataclass(frozen=True)
class Export:
    """One file of one source, as it would be read: text cells under the columns of one landing table."""

    source: Source
    table: str
    file: str
    columns: Columns


@dataclass(frozen=True)
class Archive:
    """What the accounts did before the posts that are in the files, so that totals exceed their sum."""

    posts: Ints
    views: Ints
    likes: Ints


def draw_archive(people: People, rng: np.random.Generator) -> Archive:
    """Draw the posts of each account that no file holds, and what they gathered."""
    size = len(people)
    weeks = np.maximum(people.age_days / 7 - WEEKS, 0.0)
    posts = np.rint(people.posts_per_week * weeks * 0.5 * np.exp(0.5 * rng.standard_normal(size)))
    views = np.rint(posts * people.followers * people.views_per_follower * 0.5)
    return Archive(
        posts=posts.astype(np.int64),
        views=views.astype(np.int64),
        likes=np.floor(views * people.likes_per_view).astype(np.int64),
    )


def write_exports(
    people: People, posts: Posts, coverage: Coverage, archive: Archive, rng: np.random.Generator
) -> Iterator[Export]:
    """Yield every file, clean: all that a source knows, in its own spelling and before any damage."""
    ids = post_ids(people, posts)
    for position, source in enumerate(SOURCES):
        home, second = coverage.home == position, coverage.second == position
        for month, observed in enumerate(OBSERVED):
            seen = np.flatnonzero((home | second) & coverage.listed & (coverage.first_date <= month))
            if len(seen):
                columns = _account_columns(people, posts, coverage, archive, source, observed, seen, rng)
                columns = _silence(columns, source.silent_accounts)
                yield Export(source, "accounts", f"sample/{source.stem}_{observed:%Y-%m}.csv", columns)
        of_home = home[posts.person]
        older = of_home & (posts.posted_at < _seconds(OBSERVED[-2])) & (rng.random(len(posts)) < dirt.OLDER_OBSERVATION)
        for observed, rows in ((OBSERVED[-2], older), (OBSERVED[-1], of_home)):
            chosen = np.flatnonzero(rows)
            if len(chosen):
                columns = _post_columns(people, posts, coverage, ids, source, observed, chosen, rng)
                columns = _silence(columns, source.silent_posts)
                yield Export(source, "posts", f"sample/{source.stem}_posts_{observed:%Y-%m}.csv", columns)


def _account_columns(
    people: People,
    posts: Posts,
    coverage: Coverage,
    archive: Archive,
    source: Source,
    observed: date,
    seen: Ints,
    rng: np.random.Generator,
) -> Columns:
    seconds = _seconds(observed)
    size = len(seen)
    months_ago = (REFERENCE_DATE - observed).days / 30
    followers = np.rint(
        people.followers[seen] * np.exp(-people.monthly_growth[seen] * months_ago + 0.002 * rng.standard_normal(size))
    ).astype(np.int64)
    known = posts.posted_at < seconds
    in_file = _total(people, posts, known, None)[seen]
    views, likes = (_total(people, posts, known, of)[seen] for of in (posts.views, posts.likes))
    comments, shares = (_total(people, posts, known, of)[seen] for of in (posts.comments, posts.shares))
    shown_views = _total(people, posts, known & posts.shows_views, posts.views)[seen]
    shown = _total(people, posts, known & posts.shows_views, None)[seen]
    lifetime = archive.posts[seen] + in_file
    # What a tool calls average goes over the posts it has, or over older ones that it has not kept.
    expected_views = people.followers[seen] * people.views_per_follower[seen]
    expected_likes = expected_views * people.likes_per_view[seen]
    some = np.maximum(in_file, 1)
    avg_likes = np.where(in_file > 0, likes / some, expected_likes)
    avg_comments = np.where(in_file > 0, comments / some, expected_likes * people.comments_per_like[seen])
    avg_views = np.where(shown > 0, shown_views / np.maximum(shown, 1), expected_views)
    avg_shares = shares / some
    rate = (avg_likes + avg_comments) / np.maximum(followers, 1)
    variants = rng.integers(1 << 20, size=size).tolist()

    columns: dict[str, list[str | None]] = {name: [] for name in (*TABLE_COLUMNS["accounts"], "extra")}
    for row, (person, variant) in enumerate(zip(seen.tolist(), variants, strict=True)):
        platform = PLATFORMS[people.platform[person]]
        niche = NICHES[people.niche[person]]
        number = int(people.number[person])
        handle = str(people.handle[person])
        short = bool(coverage.abbreviated[person]) and source.abbreviated_share > 0
        hidden = bool(coverage.likes_hidden[person])
        only_id = bool(coverage.only_id[person])
        video_site = platform.name in ("youtube", "tiktok")
        yes, no = source.answers[variant % len(source.answers)]
        total_views = archive.views[person] + views[row]
        opened = reference_seconds() - int(people.age_days[person]) * _DAY

        def count(value: float, short: bool = short, variant: int = variant) -> str:
            return spell_count(int(value), source, variant, abbreviated=short)

        def average(value: float, short: bool = short, variant: int = variant) -> str:
            if short:
                return spell_count(int(value), source, variant, abbreviated=True)
            return spell_decimal(float(value), source, variant)

        cells: dict[str, str | None] = {
            "source": source.name,
            "platform": platform.name,
            "account_id": str(people.account_id[person]),
            "handle": None if only_id else handle,
            "observed_at": spell_moment(seconds, source, time=False),
            "display_name": f"Sample Creator {number:04d}",
            "bio": _bio(people, coverage, person),
            "profile_url": None if only_id else f"https://{platform.name}.example/{handle}",
            "country": _country(people, source, person),
            "language": LANGUAGE_SPELLINGS[people.language[person]][number % 5],
            "category": niche.spellings[source.category_spelling],
            "is_verified": yes if people.is_verified[person] else no,
            "is_business": (yes if people.is_business[person] else no) if platform.name == "instagram" else None,
            "account_created_at": spell_moment(opened, source, time=False),
            "followers": count(followers[row]),
            "following": count(people.following[person]) if platform.name in source.following_on else None,
            "posts": count(lifetime[row], short=False),
            "total_views": None,
            "total_likes": count(archive.likes[person] + likes[row]) if platform.name == "tiktok" else None,
            "avg_likes": None if hidden else average(avg_likes[row]),
            "avg_comments": average(avg_comments[row]),
            "avg_views": average(avg_views[row]) if platform.name != "instagram" or shown[row] else None,
            "avg_shares": average(avg_shares[row]) if platform.shares_per_like else None,
            "avg_interactions": None if hidden else average(avg_likes[row] + avg_comments[row]),
            "engagement_rate": None if hidden else spell_rate(float(rate[row]), source),
            "audience_country": MARKETS[people.market[person]].spellings[0],
            "extra": _extra(source, number),
        }
        if video_site:
            in_thousands = source.units.get("total_views") == "thousand"
            cells["total_views"] = (
                spell_decimal(total_views / 1000, source, variant) if in_thousands else count(total_views)
            )
        for name, cell in cells.items():
            columns[name].append(cell)
    return _frozen(columns)


def _post_columns(
    people: People,
    posts: Posts,
    coverage: Coverage,
    ids: np.ndarray[tuple[int], np.dtype[np.object_]],
    source: Source,
    observed: date,
    chosen: Ints,
    rng: np.random.Generator,
) -> Columns:
    size = len(chosen)
    instagram = np.array([platform.name == "instagram" for platform in PLATFORMS])[people.platform[posts.person]]
    hidden = coverage.likes_hidden[posts.person[chosen]] | (
        instagram[chosen] & (rng.random(size) < dirt.LIKES_HIDDEN_ON_POST)
    )
    url_only = rng.random(size) < dirt.URL_ONLY.get(source.name, 0.0)
    tagged = posts.sponsored[chosen] & (rng.random(size) < source.tagged_ads)
    abbreviated = (rng.random(size) < source.abbreviated_share).tolist()
    # A post seen a month before its last observation had gathered most of what it would.
    grown: Floats = np.full(size, 1.0) if observed == OBSERVED[-1] else 0.75 + 0.2 * rng.random(size)
    counts = {
        name: np.floor(getattr(posts, name)[chosen] * grown).astype(np.int64).tolist()
        for name in ("views", "likes", "comments", "shares", "saves")
    }
    variants = rng.integers(1 << 20, size=size).tolist()
    tag_picks = rng.integers(1 << 30, size=size).tolist()

    columns: dict[str, list[str | None]] = {name: [] for name in (*TABLE_COLUMNS["posts"], "extra")}
    for row, post in enumerate(chosen.tolist()):
        person, variant = int(posts.person[post]), variants[row]
        platform = PLATFORMS[people.platform[person]]
        handle = str(people.handle[person])
        language = int(people.language[person])
        tags = _hashtags(people, person, tag_picks[row])
        if tagged[row]:
            disclosures = AD_HASHTAGS[language]
            tags.append(disclosures[variant % len(disclosures)])
        yes, no = source.answers[variant % len(source.answers)]
        video = bool(posts.is_video[post])

        def count(name: str, row: int = row, variant: int = variant) -> str:
            return spell_count(counts[name][row], source, variant, abbreviated=abbreviated[row])

        cells: dict[str, str | None] = {
            "source": source.name,
            "platform": platform.name,
            "account_id": None if coverage.posts_by_handle[person] else str(people.account_id[person]),
            "handle": None if coverage.only_id[person] else handle,
            "observed_at": spell_moment(_seconds(observed), source, time=False),
            "post_id": None if url_only[row] else str(ids[post]),
            "posted_at": spell_moment(int(posts.posted_at[post]), source, time=True),
            "media_type": _media_type(platform.name, video, int(posts.duration[post]), int(posts.sequence[post])),
            "caption": _caption(people, person, tags, tag_picks[row]),
            "hashtags": spell_hashtags(tags, source),
            "url": f"https://{platform.name}.example/p/{ids[post]}",
            "language": LANGUAGES[language],
            "duration": _duration(int(posts.duration[post]), source) if video else None,
            "likes": None if hidden[row] else count("likes"),
            "comments": count("comments"),
            "shares": count("shares") if platform.shares_per_like else None,
            "saves": count("saves") if platform.saves_per_like else None,
            "views": count("views") if posts.shows_views[post] else None,
            "is_sponsored": yes if posts.sponsored[post] else no,
            "extra": None,
        }
        for name, cell in cells.items():
            columns[name].append(cell)
    return _frozen(columns)


def _total(people: People, posts: Posts, which: Bools, of: Ints | None) -> Ints:
    """Sum ``of`` (or count) the posts of each person among ``which``."""
    weights = None if of is None else of[which].astype(np.float64)
    summed = np.bincount(posts.person[which], weights=weights, minlength=len(people))
    return np.rint(summed).astype(np.int64)


def _country(people: People, source: Source, person: int) -> str:
    spellings = MARKETS[people.market[person]].spellings
    choice = source.country_spelling
    return spellings[int(people.number[person]) % 3 if choice is None else choice]


def _bio(people: People, coverage: Coverage, person: int) -> str:
    language, number = int(people.language[person]), int(people.number[person])
    choices = MARKUP_BIOS if coverage.markup_bio[person] else BIOS[language]
    return choices[number % len(choices)].format(word=NICHES[people.niche[person]].words[language])


def _extra(source: Source, number: int) -> str | None:
    if not source.adds_columns:
        return None
    return json.dumps({"List": "ABC"[number % 3], "Remark": ""})


def _hashtags(people: People, person: int, drawn: int) -> list[str]:
    """Up to four hashtags: mostly the account's own four of its niche, now and then a general one."""
    own = NICHES[people.niche[person]].hashtags
    first = int(people.number[person])
    tags = [own[(first + (drawn >> 2 * place) % 4 * 3) % len(own)] for place in range(drawn % 4)]
    if (drawn >> 8) % 3 == 0:
        tags.append(GENERAL_HASHTAGS[(drawn >> 10) % len(GENERAL_HASHTAGS)])
    return list(dict.fromkeys(tags))


def _caption(people: People, person: int, tags: list[str], drawn: int) -> str:
    language = int(people.language[person])
    phrases = CAPTIONS[language]
    text = phrases[(drawn >> 14) % len(phrases)].format(word=NICHES[people.niche[person]].words[language])
    emoji = " " + EMOJI[(drawn >> 18) % len(EMOJI)] if (drawn >> 22) % 3 == 0 else ""
    gap = "\n" if (drawn >> 24) % 8 == 0 else " "
    return text + emoji + (gap + " ".join(f"#{tag}" for tag in tags) if tags else "")


def _media_type(platform: str, video: bool, duration: int, sequence: int) -> str:
    match platform:
        case "instagram":
            return "reel" if video else ("carousel" if sequence % 3 == 0 else "image")
        case "youtube":
            return "short" if duration <= 60 else "video"
        case "x":
            return "video" if video else ("photo" if sequence % 3 == 0 else "text")
        case _:
            return "video"


def _duration(seconds: int, source: Source) -> str:
    if source.units.get("duration") == "minutes":
        return spell_decimal(seconds / 60, source, 0, places=2)
    return str(seconds)


def _silence(columns: Columns, silent: frozenset[str]) -> Columns:
    return {
        name: np.full(len(cells), None, dtype=object) if name in silent else cells for name, cells in columns.items()
    }


def _frozen(columns: dict[str, list[str | None]]) -> Columns:
    return {name: np.array(cells, dtype=object) for name, cells in columns.items()}


def _seconds(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp())
