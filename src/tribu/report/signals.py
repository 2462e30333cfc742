"""What pages say of signals of authenticity and of what influencers sell. Signals, and no verdict."""

from __future__ import annotations

from collections.abc import Sequence

from tribu.report.components import Cell, Column, Definition, Table
from tribu.report.formatters import NOT_KNOWN, format_date, format_integer, format_percent, format_score
from tribu.report.labels import code_label
from tribu.report.language import Language
from tribu.report.signal_rows import ClusterSignals, Commerce, Signal, Signals
from tribu.report.tables import integer_cell, measure_cell, one_group, share_bar


def signal_label(name: str, lang: Language) -> str:
    """Name a signal by the figure that it is; one without words here is shown by its name."""
    _ = lang.gettext
    known = {
        "engagement": _("Interactions per follower"),
        "following": _("Accounts followed per follower"),
        "comments": _("Comments per like"),
        "jump": _("Jump in followers"),
        "unfollowed_growth": _("Growth without more interactions"),
    }
    return known.get(name, code_label(name))


def signal_definitions(signals: Signals, lang: Language) -> tuple[Definition, ...]:
    """Define the signals, their sum and the bound; nothing where nobody was clustered."""
    _ = lang.gettext
    settings = next(iter(signals.of_clusters.values()), None)
    if settings is None:
        return ()
    meanings = {
        "engagement": _(
            "Far from those of comparable accounts, high or low. Bought followers do not react, bought reactions are "
            "too many; so is one post that went round the world."
        ),
        "following": _(
            "Follows many and is followed by few; nothing up to one account followed per follower. Some follow to be "
            "followed back, some are just curious."
        ),
        "comments": _(
            "Far from those of comparable accounts, high or low. Likes are cheaper to buy than comments, and circles "
            "that comment on each other do the reverse; so do questions and prize draws."
        ),
        "jump": _(
            "Growth in 30 days, or a rise that no month explains. A mention on television does it as well, and so does "
            "a mistake in an export."
        ),
        "unfollowed_growth": _(
            "Followers grew, likes and comments per post did not, from the older half of the window to the newer. A "
            "new audience may also just need time."
        ),
    }
    return (
        *(Definition(signal_label(name, lang), text) for name, text in meanings.items()),
        Definition(
            _("Part"),
            _(
                "How unusual a figure is, from 0 to 1: the share of comparable accounts that are less so. Where only "
                "more is unusual, who has no more than the least that counts has 0."
            ),
        ),
        Definition(
            _("Sum"),
            _(
                "The parts that are known, each times its weight; weights are settings and equal as shipped. A figure "
                "that is not known adds nothing, and the most that the sum could be says so."
            ),
        ),
        Definition(
            _("Worth a second look"),
            _("A sum above %(bound)s of the most it could be, with at least %(n)s signals known.")
            % {
                "bound": format_percent(settings.bound_ratio, lang=lang),
                "n": format_integer(settings.signals_known_min, lang=lang),
            },
        ),
    )


def cluster_signals_sentence(row: ClusterSignals | None, lang: Language) -> str | None:
    """Say how many members of a cluster are worth a second look; None where it is not told of this cluster."""
    _ = lang.gettext
    if row is None or row.judged_influencers == 0:
        return None
    if row.above_bound_influencers == 0:
        message = lang.ngettext(
            "The %(judged)s member of whom enough is known has no figures that ask for a second look.",
            "None of the %(judged)s members of whom enough is known has figures that ask for a second look.",
            row.judged_influencers,
        )
        return message % {"judged": format_integer(row.judged_influencers, lang=lang)}
    message = lang.ngettext(
        "%(above)s of %(judged)s member of whom enough is known is worth a second look",
        "%(above)s of %(judged)s members of whom enough is known are worth a second look",
        row.judged_influencers,
    )
    told = message % {
        "above": format_integer(row.above_bound_influencers, lang=lang),
        "judged": format_integer(row.judged_influencers, lang=lang),
    }
    if row.above_bound_share_ratio is not None and row.everyone_share_ratio is not None:
        told += _(" (%(share)s; among everyone %(everyone)s)") % {
            "share": format_percent(row.above_bound_share_ratio, lang=lang),
            "everyone": format_percent(row.everyone_share_ratio, lang=lang),
        }
    return _(
        "%(told)s: several of their figures are unusual for their platform and size. That is a reason to look, and no "
        "finding about anybody."
    ) % {"told": told}


def signals_table(rows: Sequence[Signal], cohort_names: Sequence[str], lang: Language) -> Table | None:
    """List the signals of one influencer, with the names of their cohorts; None where there is no row."""
    _ = lang.gettext
    if not rows:
        return None
    cells = []
    for row, cohort in zip(rows, cohort_names, strict=True):
        percentile = NOT_KNOWN if row.percentile is None else format_integer(min(max(row.percentile, 1), 99), lang=lang)
        bar = None if row.percentile is None else share_bar(row.percentile / 100, tick=0.5)
        cells.append(
            (
                Cell(signal_label(row.signal_name, lang)),
                measure_cell(row.value, "ratio", lang),
                Cell(percentile, bar=bar),
                Cell(cohort),
                integer_cell(row.cohort_influencers, lang),
                Cell(format_score(row.part, lang=lang)),
            )
        )
    return Table(
        _("Signals and their places among comparable influencers"),
        (
            Column(_("Signal")),
            Column(_("Value"), numeric=True),
            Column(_("Percentile"), hint=_("share of the cohort below")),
            Column(_("Cohort"), hint=_("who it is compared with")),
            Column(_("n"), numeric=True, hint=_("influencers")),
            Column(_("Part"), numeric=True, hint=_("0 usual, 1 most unusual")),
        ),
        one_group(cells),
        note=_signals_note(rows[0], lang),
        style="standing",
    )


def _signals_note(row: Signal, lang: Language) -> str:
    _ = lang.gettext
    warning = _("Unusual is not untrue: each figure has honest reasons as well. The page on the method names some.")
    if row.signals_sum is None:
        return _("No signal is known.") + " " + warning
    message = lang.ngettext(
        "Sum of the parts: %(sum)s of at most %(most)s, with %(n)s signal known.",
        "Sum of the parts: %(sum)s of at most %(most)s, with %(n)s signals known.",
        row.signals_known,
    )
    told = message % {
        "sum": format_score(row.signals_sum, lang=lang),
        "most": format_score(row.signals_sum_most, lang=lang),
        "n": format_integer(row.signals_known, lang=lang),
    }
    return f"{told} {warning}"


def commerce_definitions(row: Commerce | None, lang: Language) -> tuple[Definition, ...]:
    """Say what one influencer sells, and what it costs and is worth where there are rates."""
    _ = lang.gettext
    if row is None:
        return ()
    found = [
        Definition(
            _("Sponsored posts"),
            NOT_KNOWN
            if not row.posts_with_disclosure
            else _("%(n)s of %(known)s of which it is known")
            % {
                "n": format_integer(row.sponsored_posts, lang=lang),
                "known": format_integer(row.posts_with_disclosure, lang=lang),
            },
        )
    ]
    if row.sponsored_posts:
        evidence = (
            (_("the platform"), row.sponsored_by_flag_posts),
            (_("a hashtag"), row.sponsored_by_hashtag_posts),
            (_("words of the caption"), row.sponsored_by_phrase_posts),
        )
        told = ", ".join(f"{name} {format_integer(count, lang=lang)}" for name, count in evidence if count)
        found.append(Definition(_("Said by"), told))
    found += [
        Definition(
            _("Sponsored against organic interactions"),
            format_percent(row.paid_performance_ratio, lang=lang),
        ),
        Definition(_("Handles that sponsored posts mention"), format_integer(row.brands, lang=lang)),
    ]
    if row.price_per_post is not None and row.price_valid_from is not None:
        price = _("%(price)s, rate card of %(day)s") % {
            "price": _money(row.price_per_post, row.price_currency, lang),
            "day": format_date(row.price_valid_from, lang=lang),
        }
        found.append(Definition(_("Price of a post"), price))
        found.append(
            Definition(_("Price of an interaction"), _money(row.cost_per_interaction, row.price_currency, lang))
        )
    if row.earned_media_value is not None:
        message = lang.ngettext(
            "at least %(value)s, by your rates, for %(n)s post", "at least %(value)s, by your rates, for %(n)s posts",
            row.valued_posts or 0,
        )  # fmt: skip
        value = _money(row.earned_media_value, row.media_value_currency, lang)
        posts = format_integer(row.valued_posts, lang=lang)
        found.append(Definition(_("Earned media value"), message % {"value": value, "n": posts}))
    return tuple(found)


def _money(amount: float | None, currency: str | None, lang: Language) -> str:
    if amount is None:
        return NOT_KNOWN
    # cents say something of the price of a like, and nothing of that of a campaign
    number = format_score(amount, lang=lang) if amount < 100 else format_integer(amount, lang=lang)
    return f"{number} {currency or ''}".strip()
