"""The made-up tools that export the sample: what each one tells, and how it writes numbers and dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Literal


@dataclass(frozen=True)
class Source:
    """One tool and its habits."""

    name: str
    stem: str
    """Begins the names of its files."""
    weight: float
    """Part of the influencers for whom it is the main source, before ``market_lean``."""
    market_lean: Mapping[str, float] = field(default_factory=dict)
    """Countries that it covers more often; 1 where not named."""
    number_locale: str | None = None
    date_order: str = "ymd"
    decimal: str = "."
    groupings: tuple[str, ...] = ("",)
    """What stands between thousands, one or the other from row to row."""
    abbreviated_share: float = 0.0
    """Part of the accounts and posts whose large counts read like 12.3K."""
    suffixes: tuple[tuple[str, str, str], ...] = (("K", "M", "B"),)
    """Of thousands, millions and billions; empty where it writes such a count in full."""
    clock: Literal["iso", "epoch", "slash", "dot"] = "iso"
    answers: tuple[tuple[str, str], ...] = (("true", "false"),)
    """Pairs of yes and no."""
    rate: Literal["percent_sign", "percent", "ratio"] = "percent_sign"
    hashtags: Literal["hash", "list", "comma"] = "hash"
    tagged_ads: float = 0.5
    """Part of the sponsored posts with a disclosure in the caption."""
    category_spelling: int = 0
    country_spelling: int | None = None
    """Position among the spellings; None: one or the other from account to account."""
    units: Mapping[str, str] = field(default_factory=dict)
    null_spellings: tuple[str, ...] = ()
    """What it writes for nothing, on top of the usual spellings."""
    following_on: tuple[str, ...] = ("instagram", "x")
    """Platforms of which it tells how many others an account follows."""
    adds_columns: bool = False
    """Whether it has columns of its own, which land in ``extra``."""
    silent_accounts: frozenset[str] = frozenset()
    """Account columns that it does not have."""
    silent_posts: frozenset[str] = frozenset()
    """Post columns that it does not have."""


SOURCES: Final = (
    Source(
        name="sample_panel",
        stem="panel",
        weight=0.5,
        number_locale="en",
        groupings=("", "", "", "", ","),
        answers=(("true", "false"), ("TRUE", "FALSE"), ("True", "False")),
        silent_accounts=frozenset({"avg_shares", "avg_interactions"}),
        silent_posts=frozenset({"saves", "url"}),
    ),
    Source(
        name="sample_tracker",
        stem="tracker",
        weight=0.26,
        groupings=("", "", ","),
        abbreviated_share=0.6,
        suffixes=(("K", "M", "B"), ("k", "m", "b")),
        clock="epoch",
        answers=(("1", "0"),),
        rate="ratio",
        hashtags="list",
        tagged_ads=0.9,
        category_spelling=1,
        units={"engagement_rate": "ratio"},
        following_on=("instagram", "x", "tiktok"),
        adds_columns=True,
        # Its account lists know handles only, its posts know both: the link between the two is the handle.
        silent_accounts=frozenset({"account_id", "bio", "language", "audience_country", "avg_interactions"}),
        silent_posts=frozenset({"is_sponsored", "language", "url"}),
    ),
    Source(
        name="sample_agency_fr",
        stem="agence",
        weight=0.14,
        market_lean={"FR": 2.0, "BE": 2.0},
        number_locale="fr",
        date_order="dmy",
        decimal=",",
        groupings=(" ", "\u00a0", "\u202f"),
        abbreviated_share=0.3,
        suffixes=(("\u00a0k", "\u00a0M", ""), (" k", " M", "")),
        clock="slash",
        answers=(("oui", "non"), ("Oui", "Non")),
        hashtags="comma",
        category_spelling=3,
        country_spelling=3,
        null_spellings=("n.c.",),
        silent_accounts=frozenset({"is_business", "account_created_at", "avg_shares", "total_likes"}),
        silent_posts=frozenset({"shares", "media_type"}),
    ),
    Source(
        name="sample_studio_de",
        stem="studio",
        weight=0.10,
        market_lean={"DE": 2.5},
        number_locale="de",
        date_order="dmy",
        decimal=",",
        groupings=(".",),
        clock="dot",
        answers=(("ja", "nein"), ("yes", "no")),
        rate="percent",
        tagged_ads=0.7,
        category_spelling=2,
        country_spelling=1,
        units={"engagement_rate": "percent", "duration": "minutes", "total_views": "thousand"},
        null_spellings=("k.A.",),
        silent_accounts=frozenset({"profile_url", "language", "avg_shares"}),
        silent_posts=frozenset({"saves", "hashtags", "url"}),
    ),
)


def spell_count(value: int, source: Source, variant: int, *, abbreviated: bool = False) -> str:
    """Write a count the way ``source`` does; ``variant`` chooses between its habits."""
    if abbreviated:
        suffixes = source.suffixes[variant % len(source.suffixes)]
        for size, places, suffix in zip((1e9, 1e6, 1e3), (2, 2, 1), reversed(suffixes), strict=True):
            if value >= size and suffix:
                return f"{value / size:.{places}f}{suffix}".replace(".", source.decimal)
            if value >= size:
                break
    if source.number_locale == "en" and value >= 100_000_000 and variant % 4 == 0:
        return f"{value:.3E}"  # as a spreadsheet saves wide numbers
    return f"{value:,}".replace(",", source.groupings[variant % len(source.groupings)])


def spell_decimal(value: float, source: Source, variant: int, places: int = 1) -> str:
    """Write a number with decimals the way ``source`` does."""
    whole, _, fraction = f"{value:,.{places}f}".partition(".")
    return whole.replace(",", source.groupings[variant % len(source.groupings)]) + source.decimal + fraction


def spell_rate(ratio: float, source: Source) -> str:
    """Write a ratio (0.034) the way ``source`` does: ``3.40%``, ``3,4 %``, ``3,40`` or ``0.0340``."""
    match source.rate:
        case "ratio":
            return f"{ratio:.5f}"
        case "percent":
            return f"{100 * ratio:.2f}".replace(".", source.decimal)
        case _:
            text = f"{100 * ratio:.1f} %" if source.decimal == "," else f"{100 * ratio:.2f}%"
            return text.replace(".", source.decimal)


def spell_moment(seconds: int, source: Source, *, time: bool) -> str:
    """Write a moment (seconds since 1970, UTC), with its time of day where ``time`` asks for it."""
    if source.clock == "epoch":
        return str(seconds)
    moment = datetime.fromtimestamp(seconds, UTC)
    match source.clock:
        case "slash":
            return moment.strftime("%d/%m/%Y %H:%M" if time else "%d/%m/%Y")
        case "dot":
            return moment.strftime("%d.%m.%Y %H:%M" if time else "%d.%m.%Y")
        case _:
            return moment.strftime("%Y-%m-%dT%H:%M:%SZ" if time else "%Y-%m-%d")


def spell_hashtags(tags: list[str], source: Source) -> str | None:
    """Write a list of hashtags the way ``source`` does; None when there are none."""
    if not tags:
        return None
    match source.hashtags:
        case "list":
            return "[" + ", ".join(f"'{tag}'" for tag in tags) + "]"
        case "comma":
            return ", ".join(tags)
        case _:
            return " ".join(f"#{tag}" for tag in tags)
