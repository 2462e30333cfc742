"""Words for the codes that the warehouse uses: platforms, tiers, blocks, tables, dimensions, reasons."""

from __future__ import annotations

from typing import Final

from tribu.report.data import UNKNOWN_VALUE
from tribu.report.formatters import format_country
from tribu.report.language import Language
from tribu.report.safety import display_text

# Spellings of the platforms themselves; these are names and are not translated.
_PLATFORMS: Final = {
    "facebook": "Facebook",
    "instagram": "Instagram",
    "linkedin": "LinkedIn",
    "snapchat": "Snapchat",
    "tiktok": "TikTok",
    "twitch": "Twitch",
    "twitter": "Twitter",
    "x": "X",
    "youtube": "YouTube",
}


def platform_label(platform: str) -> str:
    """Return the name of a platform as the platform spells it."""
    return _PLATFORMS.get(platform.lower(), code_label(platform))


def code_label(code: str) -> str:
    """Turn a code such as ``negative_count`` into ``Negative count``."""
    text = display_text(code.replace("_", " ")) or "–"
    return text[:1].upper() + text[1:]


def table_label(table_name: str, lang: Language) -> str:
    """Name a landing table."""
    _ = lang.gettext
    return {"accounts": _("Accounts"), "posts": _("Posts")}.get(table_name, code_label(table_name))


def reason_label(reason: str, lang: Language) -> str:
    """Say in words why a row was set aside."""
    _ = lang.gettext
    known = {
        "key:missing": _("Neither an account id nor a handle"),
        "post_id:missing": _("Neither a post id nor an address"),
        "platform:unknown": _("A platform that is not known"),
        "row:total": _("The line below a list that adds it up"),
        "count:negative": _("A negative count"),
        "count:impossible": _("A count higher than there can be"),
    }
    return known.get(reason, code_label(reason))


def reject_label(reason: str, lang: Language) -> str:
    """Say in words why a record was rejected."""
    _ = lang.gettext
    known = {
        "cells:count": _("More or fewer cells than the header"),
        "quotation:open": _("A quotation mark out of place"),
        "text:encoding": _("Bytes that are no text in UTF-8"),
        "record:too_long": _("A record too long to be one"),
        "account:unknown": _("An account that the network does not know"),
        "account:suspended": _("An account that the network has suspended"),
        "account:private": _("An account that is private"),
    }
    return known.get(reason, code_label(reason))


def problem_label(problem: str, lang: Language) -> str:
    """Say in words what is wrong with a text that could not be read."""
    _ = lang.gettext
    known = {
        "not_a_date": _("Not a date"),
        "not_a_number": _("Not a number"),
        "not_a_boolean": _("Neither yes nor no"),
        "not_a_duration": _("Not a duration"),
        "not_a_rate": _("Not a rate"),
        "unknown": _("A name that is not known"),
    }
    return known.get(problem, code_label(problem))


def unit_label(unit: str, lang: Language) -> str:
    """Name the unit of a feature."""
    _ = lang.gettext
    known = {"count": _("count"), "ratio": _("share"), "days": _("days"), "per_week": _("per week")}
    return known.get(unit, code_label(unit))


def transform_label(transform: str, lang: Language) -> str:
    """Say how the scale of a feature is made fair to its tail."""
    _ = lang.gettext
    known = {"log1p": _("log(1 + x)"), "log": _("log(x)"), "none": _("as it is")}
    return known.get(transform, code_label(transform))


def drift_label(reading: str, lang: Language) -> str:
    """Say in words how far a feature has drifted."""
    _ = lang.gettext
    known = {"stable": _("no drift"), "shifting": _("to watch"), "shifted": _("drifted")}
    return known.get(reading, code_label(reading))


def block_label(block: str, lang: Language) -> str:
    """Name a block of features."""
    _ = lang.gettext
    known = {
        "size": _("Size"),
        "engagement": _("Engagement"),
        "rhythm": _("Rhythm"),
        "commercial": _("Commercial"),
        "growth": _("Growth"),
        "content": _("Content"),
        "own": _("Other columns of the list"),
    }
    return known.get(block, code_label(block))


def dimension_label(dimension: str, lang: Language) -> str:
    """Name a way to break down a cluster."""
    _ = lang.gettext
    known = {
        "platform": _("Platform"),
        "tier": _("Tier"),
        "category": _("Category"),
        "country": _("Country"),
        "audience_country": _("Country of the audience"),
    }
    return known.get(dimension, code_label(dimension))


def value_label(dimension: str, value: str, lang: Language) -> str:
    """Name one value of a dimension: by the name that the warehouse holds for it, else by its code."""
    if value == UNKNOWN_VALUE:
        return lang.gettext("Not known")
    if dimension == "platform":
        return platform_label(value)
    if dimension in {"country", "audience_country"}:
        return format_country(value, lang=lang) or display_text(value.upper()) or "–"
    name = display_text(lang.names.get((dimension, value)))
    return code_label(value) if name is None else name[:1].upper() + name[1:]


def algorithm_label(algorithm: str, lang: Language) -> str:
    """Name an algorithm as the literature of the language spells it."""
    _ = lang.gettext
    known = {
        "kmeans": "k-means",
        "bisecting_kmeans": _("bisecting k-means"),
        "gaussian_mixture": _("Gaussian mixture"),
        "agglomerative": _("Ward's linkage"),
        "dbscan": "DBSCAN",
        "hdbscan": "HDBSCAN",
        "none": _("none"),
    }
    return known.get(algorithm, code_label(algorithm))


def stability_label(reading: str, lang: Language) -> str:
    """Say in words how far a cluster can be believed, after Hennig (2007)."""
    _ = lang.gettext
    known = {
        "do_not_trust": _("do not trust"),
        "pattern": _("pattern"),
        "stable": _("stable"),
        "highly_stable": _("highly stable"),
    }
    return known.get(reading, code_label(reading))
