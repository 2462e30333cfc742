"""How well the values and the header of one column of a file suit one landing column. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tribu.landing.drafting.profiles import ColumnProfile

_COUNTS: Final = frozenset({"followers", "following", "posts", "likes", "comments", "shares", "saves", "views"})
_SUMS: Final = frozenset({"total_views", "total_likes"})
_AVERAGES: Final = frozenset({"avg_likes", "avg_comments", "avg_views", "avg_shares", "avg_interactions"})

Fit = tuple[float, float]
"""Share of the values that could be the landing column, and the evidence that they give without a header; 0 to 1."""


def score(profile: ColumnProfile, column: str, header: float, table: str) -> float:
    """How well a column of a file suits a landing column, 0 to 1.

    Parameters
    ----------
    header
        Evidence of its header, 0 to 1.
    table
        ``accounts`` or ``posts``.
    """
    if not profile.values:
        # Nothing to contradict the header.
        return 0.7 * header
    fit, alone = _fit(profile, column, table)
    if fit < 0.3:
        return header * fit * 0.5
    together = header * (0.45 + 0.55 * fit)
    return max(together, alone, together + 0.1 * alone if together else 0.0)


def _fit(profile: ColumnProfile, column: str, table: str) -> Fit:
    if column in _COUNTS | _SUMS | _AVERAGES:
        return _count_fit(profile, column), 0.0
    return _FITS[column](profile, column, table) if column in _FITS else (0.0, 0.0)


def _count_fit(profile: ColumnProfile, column: str) -> float:
    share = profile.share
    fit = share("number")
    if share("percent") > 0.5:
        return 0.1
    if len(profile.values) >= 8 and profile.years >= 0.95:
        return 0.15
    if column in _COUNTS | _SUMS:
        decimals = fit - share("integer") - share("scaled") - share("percent")
        fit -= 0.3 * max(decimals, 0)
    # Of the same measure written twice, the exact number is taken.
    return max(fit - 0.08 * share("scaled"), 0.0)


def _engagement_rate(profile: ColumnProfile, _column: str, _table: str) -> Fit:
    middle = profile.middle
    small = middle is not None and (middle <= 40 or profile.share("percent") > 0.5)
    return (profile.share("number") if small else 0.1), 0.45 * profile.share("percent")


def _country(profile: ColumnProfile, column: str, table: str) -> Fit:
    found = profile.share("country") - profile.share("number")
    # Values of `audience_country` look alike: only a header tells it.
    return found, 0.68 if table == "accounts" and column == "country" and found > 0.6 else 0.0


def _language(profile: ColumnProfile, _column: str, _table: str) -> Fit:
    found = profile.share("language")
    clear = found > 0.85 and profile.share("country") < 0.7 and len(profile.counts) < 80 and profile.length > 3
    return found, 0.5 if clear else 0.0


def _date(profile: ColumnProfile, column: str, _table: str) -> Fit:
    found = profile.share("date")
    return found, 0.42 * found if column == "observed_at" and profile.share("integer") <= 0.5 else 0.0


def _flag(profile: ColumnProfile, _column: str, _table: str) -> Fit:
    return profile.share("boolean") * (1.0 if len(profile.counts) <= 3 else 0.3), 0.0


def _platform(profile: ColumnProfile, _column: str, _table: str) -> Fit:
    return profile.share("platform"), 0.8 * profile.share("platform")


def _handle(profile: ColumnProfile, _column: str, table: str) -> Fit:
    share = profile.share
    tidy = share("handle") * (1 - 0.8 * share("boolean")) - 0.5 * share("country") - 0.5 * share("channel_id")
    # Names with capitals and blanks are names to show.
    tidy = max(tidy, 0.3 * share("text")) * (0.3 if table == "accounts" and _names_few(profile) else 1.0)
    low = _share_of(profile, lambda value: value.lower() == value)
    if share("at_handle") > 0.5:
        alone = 0.75 * share("at_handle")
    else:
        alone = 0.5 * low * share("handle") * profile.distinct if len(profile.counts) > 3 else 0.0
    return tidy * (0.75 + 0.25 * low), alone


def _display_name(profile: ColumnProfile, _column: str, table: str) -> Fit:
    share = profile.share
    text = max(share("text") - 0.8 * share("country") - share("list") - share("long"), 0.0)
    spaced = _share_of(profile, lambda value: " " in value or not value.islower())
    few = table == "accounts" and _names_few(profile)
    return text * (0.55 + 0.45 * spaced) * (0.3 if few else 1.0), 0.0


def _account_id(profile: ColumnProfile, _column: str, table: str) -> Fit:
    share = profile.share
    ids = max(share("channel_id"), share("long_id"), 0.8 * share("integer"), 0.45 * share("handle"))
    few = table == "accounts" and _names_few(profile)
    return ids * (0.2 if few or profile.is_sequence else 1.0), 0.8 * share("channel_id")


def _post_id(profile: ColumnProfile, _column: str, _table: str) -> Fit:
    share = profile.share
    ids = max(share("long_id"), share("code11"), 0.8 * share("integer"), 0.8 * share("handle"))
    once = 1.0 if profile.distinct > 0.3 and not profile.is_sequence else 0.2
    return ids * once, 0.5 * max(share("long_id"), 0.8 * share("code11")) * once


def _url(profile: ColumnProfile, _column: str, _table: str) -> Fit:
    found = profile.share("post_address")
    return max(found, 0.7 * profile.share("address")), 0.75 * found


def _profile_url(profile: ColumnProfile, _column: str, _table: str) -> Fit:
    known = min(sum(profile.platforms.values()) / max(len(profile.counts), 1), 1.0)
    own = max(profile.share("address") - profile.share("post_address"), 0.0)
    return own, 0.6 * own * known


def _long_text(profile: ColumnProfile, column: str, table: str) -> Fit:
    share = profile.share
    long = 0.5 * share("long") if column == ("caption" if table == "posts" else "bio") else 0.0
    return min(share("text") + share("hashtag"), 1.0) * (1 - share("country")), long


def _hashtags(profile: ColumnProfile, _column: str, _table: str) -> Fit:
    share = profile.share
    commas = _share_of(profile, lambda value: "," in value)
    listed = max(share("hashtag") * (1 - 0.5 * share("long")), share("list"), 0.8 * commas)
    return max(listed, 0.5 * share("text")), 0.5 * share("list")


def _media_type(profile: ColumnProfile, _column: str, _table: str) -> Fit:
    return _plain(profile) * (1.0 if len(profile.counts) <= 12 else 0.2), 0.0


def _duration(profile: ColumnProfile, _column: str, _table: str) -> Fit:
    share = profile.share
    exact = max(share("duration"), share("number") * (1 - share("scaled")))
    return exact, 0.5 * share("duration") if share("duration") > 0.8 else 0.0


def _category(profile: ColumnProfile, _column: str, _table: str) -> Fit:
    few = profile.distinct < 0.5 or len(profile.values) < 30
    return _plain(profile) * (1.0 if few else 0.6) * (1 - profile.share("long")), 0.0


_FITS: Final[dict[str, Callable[[ColumnProfile, str, str], Fit]]] = {
    "engagement_rate": _engagement_rate,
    "country": _country,
    "audience_country": _country,
    "language": _language,
    "observed_at": _date,
    "posted_at": _date,
    "account_created_at": _date,
    "is_verified": _flag,
    "is_business": _flag,
    "is_sponsored": _flag,
    "platform": _platform,
    "handle": _handle,
    "display_name": _display_name,
    "account_id": _account_id,
    "post_id": _post_id,
    "url": _url,
    "profile_url": _profile_url,
    "caption": _long_text,
    "bio": _long_text,
    "hashtags": _hashtags,
    "media_type": _media_type,
    "duration": _duration,
    "category": _category,
}


def _plain(profile: ColumnProfile) -> float:
    """Share of texts, countries left aside."""
    text = profile.share("text")
    return text * (1 - profile.share("country")) if len(profile.counts) > 5 else text


def _names_few(profile: ColumnProfile) -> bool:
    """Tell whether a column names a handful of things over and over, as categories do and accounts do not."""
    return len(profile.counts) <= 25 and len(profile.values) >= 5 * len(profile.counts)


def _share_of(profile: ColumnProfile, holds: Callable[[str], bool]) -> float:
    """Share of the distinct values of which something holds."""
    return sum(holds(value) for value in profile.counts) / max(len(profile.counts), 1)
