"""Which landing column each column of a file is: header and values weighed, each landing column taken once. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from tribu.landing.contract import ACCOUNT_COLUMNS, POST_COLUMNS
from tribu.landing.drafting.fits import score
from tribu.landing.drafting.profiles import ColumnProfile, constant_within, equal_share, ratio, same_countries
from tribu.landing.drafting.words import HeaderMeaning, read_header

WORTH: Final = 0.4
"""Score from which a column is mapped at all."""
SURE: Final = 0.62
"""Score below which a person is asked."""
NEAR: Final = 0.045
"""Two columns whose scores differ by less are both candidates, and a person is asked."""

_PER_FOLLOWER: Final = {"views": (5.0, 20.0), "likes": (0.6, 2.0), "comments": (0.1, 1e9), "shares": (0.1, 1e9)}
"""Measure per follower below which it reads as an average per post, and above which as a total of the account."""


@dataclass(frozen=True)
class Choice:
    """One column of the file and what it is taken for.

    ``rival`` is another column of the file that could be it as well, or None. ``contradicted`` names the landing
    column that the header says and the values do not bear out.
    """

    index: int
    column: str | None
    score: float
    rival: int | None = None
    contradicted: str | None = None
    equal_to: int | None = None
    undecided: str | None = None


@dataclass(frozen=True)
class Assignment:
    """What every column of a file is taken for, and which table its records belong in."""

    table: str
    table_is_sure: bool
    choices: tuple[Choice, ...]
    meanings: tuple[HeaderMeaning, ...] = field(repr=False)

    def choice(self, column: str) -> Choice | None:
        """The choice for a landing column."""
        return next((one for one in self.choices if one.column == column), None)


def assign(profiles: Sequence[ColumnProfile], withheld: frozenset[int] = frozenset()) -> Assignment:
    """Take each column of a file for one landing column or for none.

    The scores are those of the header (share of its words that say so) and of the values (share of them that could be
    it); where they contradict each other the values win. Among all ways to take each landing column once, the one of
    the highest sum is found (Hungarian method, SciPy).

    Parameters
    ----------
    profiles
        The columns, in the order of the file.
    withheld
        Columns that are not to be mapped.
    """
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    meanings = tuple(read_header(profile.header) for profile in profiles)
    table, sure = _table(profiles, meanings)
    slots = [*ACCOUNT_COLUMNS[1:], *(POST_COLUMNS[5:] if table == "posts" else ())]
    slots = list(dict.fromkeys(slots))
    followers = _best_followers(profiles, meanings, withheld)
    undecided: dict[int, str] = {}
    scores = np.zeros((len(profiles), len(slots)))
    said = np.zeros((len(profiles), len(slots)))
    for row, (profile, meaning) in enumerate(zip(profiles, meanings, strict=True)):
        if row in withheld:
            continue
        header, question = _header_scores(profile, meaning, table, followers)
        if question:
            undecided[row] = question
        for at, slot in enumerate(slots):
            said[row, at] = header.get(slot, 0.0)
            scores[row, at] = score(profile, slot, header.get(slot, 0.0), table)
            if slot == "observed_at" and meaning.is_strange:
                # Dates look like the day of the list; `last post` says that they are not.
                scores[row, at] *= 0.5
    # Of columns that suit equally well the first is meant; exports put what matters first.
    scores -= np.where(scores > 0, 1e-4 * np.arange(len(profiles))[:, None], 0.0)
    # A slot stays empty, and a column unmapped, at the cost of what is worth mapping.
    padded = np.hstack([scores, np.full((len(profiles), len(profiles)), WORTH)])
    rows, places = linear_sum_assignment(padded, maximize=True)
    taken = {int(row): int(place) for row, place in zip(rows, places, strict=True) if place < len(slots)}
    choices = []
    for row in range(len(profiles)):
        place = taken.get(row)
        top = int(said[row].argmax()) if slots else 0
        contradicted = slots[top] if said[row, top] >= 0.75 and scores[row, top] < WORTH else None
        if place is None:
            other = next((one for one in taken if slots[taken[one]] == slots[int(scores[row].argmax())]), None)
            same = _same_measure(profiles, row, other) if scores[row].max() >= WORTH else None
            choices.append(Choice(row, None, 0.0, contradicted=contradicted, equal_to=same))
            continue
        rival = _rival(profiles, scores, place, row, taken)
        choices.append(
            Choice(
                row,
                slots[place],
                float(min(scores[row, place], 1.0)),
                rival=rival,
                contradicted=contradicted if contradicted != slots[place] else None,
                undecided=undecided.get(row) if slots[place].startswith(("avg_", "total_")) else None,
            )
        )
    return Assignment(table, sure, tuple(choices), meanings)


def _rival(
    profiles: Sequence[ColumnProfile], scores: object, place: int, row: int, taken: dict[int, int]
) -> int | None:
    import numpy as np

    table = np.asarray(scores)
    for other in np.argsort(-table[:, place]):
        near = table[other, place] >= max(table[row, place] - NEAR, WORTH)
        # A column that another landing column suits better is no rival, nor is the same measure written twice.
        if other != row and near and other not in taken and _same_measure(profiles, row, int(other)) is None:
            return int(other)
        if other != row and near and other in taken:
            swapped = table[other, place] + table[row, taken[int(other)]]
            if swapped >= table[row, place] + table[other, taken[int(other)]] - NEAR:
                return int(other)
    return None


def _same_measure(profiles: Sequence[ColumnProfile], row: int, other: int | None) -> int | None:
    if other is None or other == row:
        return None
    same = equal_share(profiles[row], profiles[other]) >= 0.9 or same_countries(profiles[row], profiles[other]) >= 0.9
    return other if same else None


def _best_followers(
    profiles: Sequence[ColumnProfile], meanings: Sequence[HeaderMeaning], withheld: frozenset[int]
) -> ColumnProfile | None:
    scored = [
        (score(profile, "followers", meaning.measures.get("followers", 0.0), "accounts"), -row)
        for row, (profile, meaning) in enumerate(zip(profiles, meanings, strict=True))
        if row not in withheld
    ]
    best = max(scored, default=(0.0, 0))
    return profiles[-best[1]] if best[0] >= WORTH else None


def _table(profiles: Sequence[ColumnProfile], meanings: Sequence[HeaderMeaning]) -> tuple[str, bool]:
    """Whether records are accounts or posts: what only posts have, against accounts that stand once each."""
    marks = 0.0
    for profile, meaning in zip(profiles, meanings, strict=True):
        for column, weight in (
            ("post_id", 1.5),
            ("url", 1.5),
            ("posted_at", 0.9),
            ("caption", 0.5),
            ("media_type", 0.3),
        ):
            if meaning.columns.get(column, 0) >= 0.9 and score(profile, column, 1.0, "posts") >= 0.6:
                marks += weight
        if meaning.columns.get("duration", 0) >= 0.9 and score(profile, "duration", 1.0, "posts") >= 0.6:
            marks += 0.6
        marks += 1.5 if profile.share("post_address") > 0.6 else 0.0
        marks += 0.8 if meaning.measures.get("saves", 0) >= 0.9 and not meaning.qualifier else 0.0
        if max(profile.share("hashtag"), profile.share("list")) > 0.5 or meaning.columns.get("hashtags", 0) > 0.9:
            marks += 0.5
        if meaning.qualifier == "average":
            marks -= 0.7
        if max(meaning.columns.get(one, 0) for one in ("handle", "account_id")) >= 0.9 and profile.values:
            # Accounts stand once per date in a list of accounts, posts of one account follow each other.
            marks += 0.5 if profile.distinct < 0.5 else -0.5
    return ("posts" if marks >= 1 else "accounts"), abs(marks - 1) >= 0.5


def _header_scores(
    profile: ColumnProfile, meaning: HeaderMeaning, table: str, followers: ColumnProfile | None
) -> tuple[dict[str, float], str | None]:
    """Evidence of the header for landing columns, measures resolved to averages, totals or counts of a post."""
    found = dict(meaning.columns)
    question = None
    if table == "posts":
        if not meaning.of_account:
            # In a list of posts a country may be where the post was seen, and a title or a text is the post's.
            for column in ("country", "bio", "display_name"):
                found[column] = found.get(column, 0.0) * 0.35
            # What was created there is the post.
            created = found.pop("account_created_at", 0.0)
            found["posted_at"] = max(found.get("posted_at", 0.0), 0.9 * created)
            if meaning.is_moment:
                found["posted_at"] = max(found["posted_at"], 0.95)
                found["observed_at"] = 0.85 * found.get("observed_at", 0.0)
    else:
        # Of two columns that both say who it is, one is the name to show.
        found["display_name"] = max(found.get("display_name", 0.0), 0.6 * found.get("handle", 0.0))
        found["account_created_at"] = max(found.get("account_created_at", 0.0), 0.9 * found.get("posted_at", 0.0))
        if profile.distinct > 0.9 and max(profile.share("long_id"), profile.share("channel_id")) > 0.8:
            found["account_id"] = max(found.get("account_id", 0.0), 0.8)
    if (
        meaning.is_strange is False
        and not meaning.columns
        and profile.header.strip().casefold() in ("id", "ids", "_id")
    ):
        found["post_id" if table == "posts" else "account_id"] = 0.85
    if "percent" in meaning.units and "interactions" in meaning.measures:
        found["engagement_rate"] = max(found.get("engagement_rate", 0.0), 0.9)
    if meaning.is_rate:
        # A share of one count in another is neither.
        return found, None
    for measure, evidence in meaning.measures.items():
        if measure in ("followers", "following", "posts"):
            found[measure] = max(found.get(measure, 0.0), evidence * (1 if meaning.qualifier != "average" else 0.5))
            continue
        targets, asked = _measure_columns(profile, meaning.qualifier, measure, table, followers)
        question = question or (asked if evidence >= 0.7 else None)
        for column, share in targets.items():
            found[column] = max(found.get(column, 0.0), evidence * share)
    return found, question


def _measure_columns(
    profile: ColumnProfile, qualifier: str | None, measure: str, table: str, followers: ColumnProfile | None
) -> tuple[dict[str, float], str | None]:
    known = {*ACCOUNT_COLUMNS, *POST_COLUMNS}
    average, total = f"avg_{measure}", f"total_{measure}"
    if qualifier:
        column = average if qualifier == "average" else total
        return ({column: 1.0} if column in known else {}), None
    if table == "posts":
        return ({measure: 1.0} if measure in known else {}), None
    if average not in known:
        return {}, None
    quotient = ratio(profile, followers) if followers is not None and followers is not profile else None
    low, high = _PER_FOLLOWER.get(measure, (0.6, 1e9))
    if quotient is None or low <= quotient <= high:
        question = f"{measure} of an average post or of all of them?"
        return {column: 0.75 for column in (average, total) if column in known}, question
    return ({average: 0.95} if quotient < low else {total: 0.95} if total in known else {}), None


def varies_within_accounts(profiles: Sequence[ColumnProfile], assignment: Assignment, index: int) -> bool:
    """Tell whether a column of a list of posts changes from post to post of one account."""
    key = assignment.choice("account_id") or assignment.choice("handle")
    if key is None or profiles[key.index].distinct > 0.95:
        return False
    return constant_within(profiles[index], profiles[key.index]) < 0.8


def with_handle(assignment: Assignment, index: int) -> Assignment:
    """The assignment with one column taken for the handle, at half the confidence that it had."""
    choices = tuple(
        replace(choice, column="handle", score=0.5, rival=None, contradicted=None) if choice.index == index else choice
        for choice in assignment.choices
    )
    return replace(assignment, choices=choices)
