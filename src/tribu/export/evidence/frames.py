"""From the tables of the warehouse to those of the project: words for codes, one language, text made harmless.

Evidence puts labels of charts into pages as markup, so what other people wrote must hold none: `display_text` takes
out what hides or reorders, and angle brackets become typographic ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from tribu.export.evidence.words import (
    ALGORITHMS,
    DIMENSIONS,
    FLOORS,
    NONE,
    PLATFORMS,
    READINGS,
    REASONS,
    TABLES,
    UNKNOWN,
    Words,
)
from tribu.rule_text import rule_query
from tribu.untrusted import display_text, safe_link

if TYPE_CHECKING:
    import pandas as pd

# Angle brackets are what markup cannot do without; an entity would be shown as such in tables.
_BRACKETS: Final = str.maketrans("<>", "‹›")
_SENTENCES: Final = 2_000
_RULE: Final = 20_000
_FORMATS: Final[Mapping[str, str]] = {
    "count": "num0",
    "ratio": "pct1",
    "days": "num0",
    "per_week": "num1",
    "flag": "num1",
}
_WHOLE: Final = ("followers_count", "rule_influencers", "rule_members")


def evidence_frames(tables: Mapping[str, pd.DataFrame], words: Words) -> dict[str, pd.DataFrame]:
    """Make the tables of the project.

    Parameters
    ----------
    tables
        As `tribu.export.evidence.reading` names them.
    words
        The language of names, labels and codes.

    Returns
    -------
    dict[str, pandas.DataFrame]
        Tables by name, in a fixed order of rows. Every key is text, and no table is empty: one without rows is
        left out.
    """
    label = _Labels(tables, words)
    frames = {
        "overview": _overview(tables["overview"], label),
        "platforms": _platforms(tables["platforms"], label),
        "platform_tiers": _platform_tiers(tables["platform_tiers"], label),
        "clusters": _clusters(tables["clusters"], label),
        "profiles": _profiles(tables["profiles"], label),
        "composition": _composition(tables["composition"], label),
        "members": _members(tables["members"], label),
        "map_points": _map_points(tables["map_points"], label),
        "candidates": _candidates(tables["candidates"], label),
        "sources": _sources(tables["sources"], label),
        "row_accounting": _row_accounting(tables["row_accounting"], label),
        "quarantine_reasons": _quarantine_reasons(tables["quarantine_reasons"], label),
    }
    return {name: _typed(frame) for name, frame in frames.items() if len(frame)}


class _Labels:
    """Words for the codes of one warehouse in one language."""

    def __init__(self, tables: Mapping[str, pd.DataFrame], words: Words) -> None:
        self.words = words
        name = f"label_{words.code}"
        tiers, categories = tables["tier_names"], tables["category_names"]
        self.tiers = dict(zip(tiers["tier"], tiers[name], strict=True))
        self.tier_orders = dict(zip(tiers["tier"], tiers["tier_order"], strict=True))
        self.categories = dict(zip(categories["category"], categories[name], strict=True))
        clusters = tables["clusters"]
        self.clusters = {
            key: plain_text(name) or key
            for key, name in zip(clusters["cluster_key"], clusters[f"cluster_name_{words.code}"], strict=True)
        }

    def of(self, known: Mapping[str, str]) -> Callable[[object], str]:
        """Return the function that words a code by a mapping, or as it is written."""
        return lambda code: self.words.say(known[code]) if isinstance(code, str) and code in known else self.code(code)

    def code(self, code: object) -> str:
        """Turn a code such as ``short_video`` into words, or say that it is not known."""
        text = plain_text(code.replace("_", " ")) if isinstance(code, str) and code != "unknown" else None
        return text[:1].upper() + text[1:] if text else self.words.say(UNKNOWN)

    def platform(self, code: object) -> str:
        """Name a platform."""
        return self.of(PLATFORMS)(code)

    def tier(self, code: object) -> str:
        """Name a tier."""
        return str(self.tiers[code]) if code in self.tiers else self.code(code)

    def category(self, code: object) -> str:
        """Name a category."""
        return self.code(self.categories.get(code, code))

    def cluster(self, key: object) -> str | None:
        """Name a cluster; None where there is none."""
        return self.clusters.get(key) if isinstance(key, str) else None

    def value(self, dimension: object, code: object) -> str:
        """Name one value of a way to break down a cluster."""
        if dimension in {"country", "audience_country"} and code != "unknown":
            return (plain_text(code) or self.words.say(UNKNOWN)).upper()
        named = {"platform": self.platform, "tier": self.tier, "category": self.category}
        return named.get(str(dimension), self.code)(code)


def plain_text(value: object, *, limit: int = 60) -> str | None:
    """Return a text on one line without markup and without characters that hide; None where nothing is left."""
    text = display_text(value, limit=limit) if isinstance(value, str) else None
    return text.translate(_BRACKETS) if text is not None else None


def member_label(handle: object, display_name: object, influencer_key: object) -> str:
    """Name an influencer: by handle, else by display name, else by key."""
    shown = plain_text(handle)
    return f"@{shown.lstrip('@')}" if shown else plain_text(display_name) or str(influencer_key)


def _overview(frame: pd.DataFrame, label: _Labels) -> pd.DataFrame:
    days = {name: [_day(value) for value in frame[name]] for name in ("observed_from", "observed_to")}
    return frame.assign(
        # as text: browsers shift moments into their own time zone
        built_at=[f"{value:%Y-%m-%d %H:%M} UTC" for value in frame["built_at"]],
        **days,
        algorithm=[label.of(ALGORITHMS)(code) for code in frame["algorithm"]],
        selection_reason=[plain_text(text, limit=_SENTENCES) for text in frame["selection_reason"]],
    )


def _day(value: Any) -> str | None:
    text = str(value)[:10]
    return text if text[:1].isdigit() else None


def _platforms(frame: pd.DataFrame, label: _Labels) -> pd.DataFrame:
    named = frame.assign(platform_name=frame["platform"].map(label.platform))
    return named.sort_values(["influencers", "platform"], ascending=[False, True])


def _platform_tiers(frame: pd.DataFrame, label: _Labels) -> pd.DataFrame:
    known = frame.assign(
        platform_name=frame["platform"].map(label.platform),
        tier_name=[label.tier(tier) for tier in frame["tier"]],
        tier_order=[label.tier_orders.get(tier, len(label.tier_orders) + 1) for tier in frame["tier"]],
        cluster_name=frame["cluster_key"].map(label.cluster),
    )
    return known.sort_values(["platform", "tier_order", "cluster_key"]).drop(columns="tier")


def _clusters(frame: pd.DataFrame, label: _Labels) -> pd.DataFrame:
    named = frame.assign(
        cluster_name=frame["cluster_key"].map(label.cluster),
        link="/clusters/" + frame["cluster_key"],
        nearest_cluster_name=[label.cluster(key) for key in frame["nearest_cluster_key"]],
        nearest_link=["/clusters/" + key if isinstance(key, str) else None for key in frame["nearest_cluster_key"]],
        main_platform=frame["main_platform"].map(label.platform),
        main_tier=[label.tier(tier) for tier in frame["main_tier"]],
        main_category=[label.category(category) for category in frame["main_category"]],
        stability_reading=[
            label.of(READINGS)(reading) if isinstance(reading, str) else None for reading in frame["stability_reading"]
        ],
        rule_query=[_rule_query(rule) for rule in frame["rule_sql"]],
    )
    dropped = ["cluster_name_en", "cluster_name_fr", "rule_sql"]
    return named.drop(columns=dropped).sort_values(["cluster_order", "cluster_key"])


def _rule_query(rule: object) -> str | None:
    # with its < and >: it is shown as code, and never in a chart
    predicate = display_text(rule, limit=_RULE) if isinstance(rule, str) else None
    return rule_query(predicate) if predicate is not None else None


def _profiles(frame: pd.DataFrame, label: _Labels) -> pd.DataFrame:
    named = frame.assign(
        cluster_name=frame["cluster_key"].map(label.cluster),
        feature_label=frame[f"feature_label_{label.words.code}"],
        format=[_FORMATS.get(unit, "num2") for unit in frame["unit"]],
    )
    dropped = ["feature_label_en", "feature_label_fr"]
    return named.drop(columns=dropped).sort_values(["cluster_key", "feature_order"])


def _composition(frame: pd.DataFrame, label: _Labels) -> pd.DataFrame:
    order = {dimension: position for position, dimension in enumerate(DIMENSIONS, start=1)}
    named = frame.assign(
        cluster_name=frame["cluster_key"].map(label.cluster),
        dimension_name=[label.of(DIMENSIONS)(dimension) for dimension in frame["dimension"]],
        dimension_order=[order.get(dimension, len(order) + 1) for dimension in frame["dimension"]],
        value_name=[
            label.value(dimension, value) for dimension, value in zip(frame["dimension"], frame["value"], strict=True)
        ],
        value_order=[
            label.tier_orders.get(value, 99) if dimension == "tier" else 0
            for dimension, value in zip(frame["dimension"], frame["value"], strict=True)
        ],
    )
    by = ["cluster_key", "dimension_order", "dimension", "value_order", "influencers", "value"]
    ordered = named.sort_values(by, ascending=[True, True, True, True, False, True])
    return ordered.drop(columns="value")


def _members(frame: pd.DataFrame, label: _Labels) -> pd.DataFrame:
    named = frame.assign(
        influencer=_influencers(frame),
        display_name=[plain_text(name) for name in frame["display_name"]],
        profile_url=[safe_link(url) if isinstance(url, str) else None for url in frame["profile_url"]],
        platform_name=frame["platform"].map(label.platform),
        tier_name=[label.tier(tier) for tier in frame["tier"]],
        category_name=[label.category(category) for category in frame["category"]],
        country=[label.value("country", country) for country in frame["country"].fillna("unknown")],
        runner_up_cluster_name=[label.cluster(key) for key in frame["runner_up_cluster_key"]],
    )
    return named.drop(columns=["handle", "tier", "category"]).sort_values(["cluster_key", "role", "rank"])


def _map_points(frame: pd.DataFrame, label: _Labels) -> pd.DataFrame:
    named = frame.assign(
        influencer=_influencers(frame),
        platform_name=frame["platform"].map(label.platform),
        tier_name=[label.tier(tier) for tier in frame["tier"]],
        cluster_name=frame["cluster_key"].map(label.cluster),
    )
    return named.drop(columns=["handle", "display_name", "tier"]).sort_values("influencer_key")


def _influencers(frame: pd.DataFrame) -> list[str]:
    columns = (frame["handle"], frame["display_name"], frame["influencer_key"])
    return [member_label(*values) for values in zip(*columns, strict=True)]


def _candidates(frame: pd.DataFrame, label: _Labels) -> pd.DataFrame:
    return frame.assign(
        algorithm=[label.of(ALGORITHMS)(code) for code in frame["algorithm"]],
        stability_reading=[
            label.of(READINGS)(reading) if isinstance(reading, str) else None for reading in frame["stability_reading"]
        ],
        failed_floors=[
            ", ".join(label.words.say(name) for floor, name in FLOORS.items() if not passes[floor])
            or label.words.say(NONE)
            for passes in frame[list(FLOORS)].fillna(value=False).to_dict("records")
        ],
    ).sort_values(["silhouette", "candidate_id"], ascending=[False, True], na_position="last")


def _sources(frame: pd.DataFrame, label: _Labels) -> pd.DataFrame:
    return frame.assign(
        source=[plain_text(source) or label.words.say(UNKNOWN) for source in frame["source"]],
        table_name=[label.of(TABLES)(name) for name in frame["table_name"]],
    ).sort_values(["source", "table_name"])


def _row_accounting(frame: pd.DataFrame, label: _Labels) -> pd.DataFrame:
    named = frame.assign(table_name=[label.of(TABLES)(name) for name in frame["table_name"]])
    return named.sort_values("table_name")


def _quarantine_reasons(frame: pd.DataFrame, label: _Labels) -> pd.DataFrame:
    named = frame.assign(
        table_name=[label.of(TABLES)(name) for name in frame["table_name"]],
        reason=[label.of(REASONS)(reason) for reason in frame["reason"]],
    )
    return named.sort_values(["rows", "table_name", "reason"], ascending=[False, True, True])


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Give every column the type of its content: text as text, even where all of it is unknown."""
    import pandas as pd

    typed = {}
    for name, column in frame.items():
        if str(name) in _WHOLE:
            typed[name] = column.astype("Int64")
        elif column.dtype == object or isinstance(column.dtype, pd.StringDtype):
            typed[name] = column.astype("string")
    return frame.assign(**typed).reset_index(drop=True)
