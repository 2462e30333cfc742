"""Everything that makes the sample messy, with its rates, in one place.

Two kinds: *coverage* decides what the sources know of whom (whole accounts, dates and columns that are
absent), and *damage* spoils rows that were written well. Rates are parts of what their heading says. Whole
columns that a source never has are declared in :mod:`tribu.sample.sources`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tribu.sample.archetypes import PLATFORMS
from tribu.sample.people import Bools, Ints, People, pick
from tribu.sample.phrases import MARKETS
from tribu.sample.sources import SOURCES

Columns = dict[str, NDArray[np.object_]]
"""Cells of one file by column; None is an empty cell."""

# --- coverage, parts of the influencers -----------------------------------------------------------
UNLISTED: Final = 0.02
"""Posts are known, but no account row."""
SECOND_SOURCE: Final = 0.06
"""Another source observes the account at the same dates."""
FEWER_DATES: Final = 0.20
"""Observed at one to three of the four dates, the last ones."""
LIKES_HIDDEN: Final = 0.08
"""Instagram only: no likes on any post, no averages."""
ONLY_ID: Final[Mapping[str, float]] = {"sample_agency_fr": 0.40}
"""Of the accounts of a source: the account id, and no handle anywhere."""
POSTS_BY_HANDLE: Final[Mapping[str, float]] = {"sample_panel": 0.05}
"""Of the accounts of a source: posts name the handle only, account rows both."""

# --- coverage, parts of the posts -----------------------------------------------------------------
OLDER_OBSERVATION: Final = 0.05
"""Also seen a month earlier, with smaller counts."""
LIKES_HIDDEN_ON_POST: Final = 0.01
"""Instagram only: no likes on this post."""
URL_ONLY: Final[Mapping[str, float]] = {"sample_agency_fr": 0.10}
"""Of the posts of a source: an address and no post id."""

# --- damage, parts of the cells -------------------------------------------------------------------
MISSING_ACCOUNT_CELLS: Final[Mapping[str, float]] = {
    "display_name": 0.04,
    "bio": 0.15,
    "profile_url": 0.10,
    "country": 0.12,
    "language": 0.15,
    "category": 0.08,
    "is_verified": 0.05,
    "is_business": 0.10,
    "account_created_at": 0.35,
    "followers": 0.008,
    "following": 0.03,
    "posts": 0.02,
    "total_views": 0.05,
    "total_likes": 0.05,
    "avg_likes": 0.06,
    "avg_comments": 0.06,
    "avg_views": 0.06,
    "engagement_rate": 0.08,
    "audience_country": 0.60,
}
MISSING_POST_CELLS: Final[Mapping[str, float]] = {
    "caption": 0.02,
    "hashtags": 0.05,
    "language": 0.20,
    "media_type": 0.02,
    "duration": 0.03,
    "likes": 0.004,
    "comments": 0.006,
    "shares": 0.02,
    "saves": 0.02,
    "views": 0.008,
    "posted_at": 0.001,
    "is_sponsored": 0.02,
}
NULL_SPELLED: Final = 0.30
"""Of the missing cells: hold one of the spellings below or one that the source declares."""
NULL_SPELLINGS: Final = ("-", "N/A", "null", "#N/A", "nan", "—", "")

# --- damage, parts of the rows --------------------------------------------------------------------
HANDLE_VARIANT: Final = 0.06
"""The handle with an @, spaces around it, or in capitals."""
MARKUP_BIO: Final = 0.01
"""Of the influencers: a bio that looks like HTML or a formula."""
EXACT_DUPLICATE: Final = 0.006
"""The row landed twice: not every program that writes landing looks for duplicates."""
DROPPED_DUPLICATE: Final = 0.002
"""The record stood twice in its file and landed once: only the counts of the import know of it."""
HOPELESS: Final[Mapping[str, Mapping[str, float]]] = {
    "accounts": {
        "no_key": 0.001,
        "negative_followers": 0.001,
        "impossible_followers": 0.001,
        "bad_date": 0.001,
    },
    "posts": {
        "no_key": 0.0002,
        "no_id": 0.0002,
        "negative_views": 0.0002,
    },
}
"""A copy of a row that cannot be used; the good row stands before it."""
SPOILED: Final[Mapping[str, Mapping[str, float]]] = {
    "accounts": {"word_followers": 0.0015},
    "posts": {"word_likes": 0.0004, "bad_date": 0.0003},
}
"""A cell that says nothing in a row that is otherwise good."""
DAMAGE: Final[Mapping[str, Mapping[str, str | None]]] = {
    "no_key": {"account_id": None, "handle": None, "profile_url": None},
    "no_id": {"post_id": None, "url": None},
    "negative_followers": {"followers": "-12"},
    "impossible_followers": {"followers": "9.9e17"},
    "negative_views": {"views": "-5"},
    "word_followers": {"followers": "a lot"},
    "word_likes": {"likes": "lots"},
    "bad_date": {"posted_at": "2026-13-45", "observed_at": "2026-13-45"},
}
"""The cells that each kind of hopeless or spoiled row holds; a post keeps its good ``observed_at``."""
REJECTED_LINE: Final = 0.0006
"""A line that could not be split into cells, beside the landed ones."""


@dataclass(frozen=True)
class Coverage:
    """Who is known by whom, one entry per influencer in each array."""

    home: Ints
    """Position of the main source."""
    second: Ints
    """Position of the source that observes the account too; -1 for none."""
    listed: Bools
    first_date: Ints
    """Position of the first date of observation."""
    likes_hidden: Bools
    only_id: Bools
    posts_by_handle: Bools
    abbreviated: Bools
    """Whether the main source abbreviates its counts."""
    markup_bio: Bools


def draw_coverage(people: People, dates: int, rng: np.random.Generator) -> Coverage:
    """Decide what the sources know of ``people`` over ``dates`` dates of observation."""
    size = len(people)
    weights = np.array(
        [[s.weight * s.market_lean.get(market.spellings[0], 1.0) for s in SOURCES] for market in MARKETS]
    )
    home = pick(weights, people.market, rng)
    other = pick(weights, people.market, rng)
    second = np.where((rng.random(size) < SECOND_SOURCE) & (other != home), other, -1)

    def of_home(rates: Mapping[str, float]) -> NDArray[np.float64]:
        return np.array([rates.get(source.name, 0.0) for source in SOURCES])[home]

    instagram = np.array([platform.name == "instagram" for platform in PLATFORMS])[people.platform]
    fewer = rng.random(size) < FEWER_DATES
    return Coverage(
        home=home,
        second=second,
        listed=rng.random(size) >= UNLISTED,
        first_date=np.where(fewer, rng.integers(1, max(dates, 2), size=size), 0),
        likes_hidden=instagram & (rng.random(size) < LIKES_HIDDEN),
        # With a second source the account would be two: an id that no row links to the other source's handle.
        only_id=(second < 0) & (rng.random(size) < of_home(ONLY_ID)),
        posts_by_handle=rng.random(size) < of_home(POSTS_BY_HANDLE),
        abbreviated=rng.random(size) < np.array([source.abbreviated_share for source in SOURCES])[home],
        markup_bio=rng.random(size) < MARKUP_BIO,
    )


def damage_rows(table: str, columns: Columns, extra_nulls: tuple[str, ...], rng: np.random.Generator) -> Columns:
    """Spoil the cells and rows of one file at the rates of this module; returns new columns."""
    size = len(columns["platform"])
    missing = MISSING_ACCOUNT_CELLS if table == "accounts" else MISSING_POST_CELLS
    spoiled = {name: cells.copy() for name, cells in columns.items()}
    spellings: NDArray[Any] = np.array((*NULL_SPELLINGS, *extra_nulls * 2), dtype=object)
    for name, rate in missing.items():
        cells = spoiled.get(name)
        if cells is None or not any(cell is not None for cell in cells):
            continue  # a column that the source does not have stays empty throughout
        gone = rng.random(size) < rate
        cells[gone] = None
        spelled = gone & (rng.random(size) < NULL_SPELLED)
        cells[spelled] = spellings[rng.integers(len(spellings), size=int(spelled.sum()))]
    _vary_handles(spoiled["handle"], rng)
    for kind, rate in SPOILED[table].items():
        _put(table, kind, spoiled, rng.random(size) < rate)
    order = np.sort(np.concatenate([np.arange(size), np.flatnonzero(rng.random(size) < EXACT_DUPLICATE)]))
    spoiled = {name: cells[order] for name, cells in spoiled.items()}
    for kind, rate in HOPELESS[table].items():
        rows = len(spoiled["platform"])
        copied = np.flatnonzero(rng.random(rows) < rate)
        order = np.sort(np.concatenate([np.arange(rows), copied]))
        is_copy = np.concatenate([[False], order[1:] == order[:-1]])
        spoiled = {name: cells[order] for name, cells in spoiled.items()}
        _put(table, kind, spoiled, is_copy)
    return spoiled


def break_lines(columns: Columns, delimiter: str, rng: np.random.Generator) -> list[tuple[str, str]]:
    """Draw lines that an import had to reject: reason and raw text of each."""
    header = [name for name, cells in columns.items() if name != "source" and (cells != None).any()]  # noqa: E711
    broken: list[tuple[str, str]] = []
    for row in np.flatnonzero(rng.random(len(columns["platform"])) < REJECTED_LINE).tolist():
        cells = ["" if columns[name][row] is None else str(columns[name][row]) for name in header]
        if rng.random() < 0.5:
            reason = "a quotation mark that is not closed, or text after the closing one"
            line = [*cells[:4], '"' + cells[4]]
        else:
            reason = f"{len(header) + 2} cells where the header has {len(header)}"
            line = [*cells, "", ""]
        broken.append((reason, delimiter.join(line)))
    return broken


def _put(table: str, kind: str, columns: Columns, rows: Bools) -> None:
    for name, value in DAMAGE[kind].items():
        if name in columns and not (table == "posts" and name == "observed_at"):
            columns[name][rows] = value


def _vary_handles(handles: NDArray[np.object_], rng: np.random.Generator) -> None:
    varied = np.flatnonzero(rng.random(len(handles)) < HANDLE_VARIANT)
    kinds = rng.integers(3, size=len(varied))
    for row, kind in zip(varied.tolist(), kinds.tolist(), strict=True):
        handle = handles[row]
        if handle is not None:
            handles[row] = (f"@{handle}", f" {handle} ", str(handle).upper())[kind]
