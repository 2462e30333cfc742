"""What the page of one influencer says, and the list of those who have one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from tribu.report.charts import member_label
from tribu.report.components import Cell, Column, Definition, KeyFigure, RowGroup, Table
from tribu.report.data import Cluster, ReportData
from tribu.report.formatters import (
    NOT_KNOWN,
    format_compact,
    format_date,
    format_decimal,
    format_integer,
    format_measure,
    format_percent,
    format_rate,
    format_score,
)
from tribu.report.labels import block_label, platform_label, value_label
from tribu.report.language import Language
from tribu.report.markers import Marker
from tribu.report.people import Lookalike, Person, PersonMetric
from tribu.report.prose import cluster_name
from tribu.report.safety import display_text, safe_link
from tribu.report.signals import commerce_definitions, signals_table
from tribu.report.tables import (
    compact_cell,
    integer_cell,
    measure_cell,
    number_cell,
    one_group,
    percent_cell,
    person_cell,
    share_bar,
    value_cell,
)


@dataclass(frozen=True, slots=True)
class Fact:
    """Something known of an influencer; ``outside`` links leave the site, ``foreign`` text is somebody else's."""

    term: str
    text: str
    href: str | None = None
    outside: bool = False
    foreign: bool = False
    marker: Marker | None = None

    @property
    def unknown(self) -> bool:
        """Whether it is not known."""
        return self.text == NOT_KNOWN


@dataclass(frozen=True)
class InfluencerPage:
    """The page of one influencer; ``lookalikes`` and ``signals`` are None where too little is known to compare."""

    kicker: str
    title: str
    lede: str
    key_figures: tuple[KeyFigure, ...]
    facts: tuple[Fact, ...]
    membership: tuple[Fact, ...]
    metrics: Table
    commerce: tuple[Definition, ...]
    signals: Table | None
    lookalikes: Table | None
    missing: tuple[str, ...]


def influencer_href(influencer_key: str) -> str:
    """Address of an influencer's page, from the root of the site."""
    return f"influencers/{influencer_key}.html"


def build_influencer_page(
    data: ReportData, person: Person, markers: Mapping[str, Marker], lang: Language
) -> InfluencerPage:
    """Build the page of one influencer."""
    _ = lang.gettext
    clusters = {row.cluster_key: row for row in data.clusters}
    metrics = data.people.metrics_of(person.influencer_key)
    lookalikes = data.people.lookalikes_of(person.influencer_key)
    signals = data.signals.of_influencers.get(person.influencer_key, ())
    return InfluencerPage(
        kicker=_("Influencer on %(platform)s") % {"platform": platform_label(person.platform)},
        title=member_label(person.handle, person.display_name, person.influencer_key),
        lede=_lede(person, clusters, lang),
        key_figures=_key_figures(person, metrics, lang),
        facts=_facts(person, lang),
        membership=_membership(person, clusters, markers, lang),
        metrics=_metrics_table(person, metrics, lang),
        commerce=commerce_definitions(data.signals.commerce.get(person.influencer_key), lang),
        signals=signals_table(signals, [_cohort(person, row.cohort_step, lang) for row in signals], lang),
        lookalikes=_lookalikes_table(data, person, lookalikes, metrics, markers, lang) if lookalikes else None,
        missing=_missing(metrics, lang),
    )


def people_table(data: ReportData, markers: Mapping[str, Marker], lang: Language) -> Table | None:
    """List the influencers with a page for the overview; None where nobody has one."""
    _ = lang.gettext
    if not data.people.persons:
        return None
    clusters = {row.cluster_key: row for row in data.clusters}
    rows = [
        (
            _person_cell(person, influencer_href(person.influencer_key)),
            Cell(platform_label(person.platform)),
            value_cell("tier", person.tier, lang),
            compact_cell(person.followers_count, lang),
            _cluster_cell(person.cluster_key, clusters, markers, "clusters/", lang),
        )
        for person in data.people.persons
    ]
    columns = (
        Column(_("Influencer")),
        Column(_("Platform")),
        Column(_("Tier")),
        Column(_("Followers"), numeric=True, order="descending"),
        Column(_("Cluster")),
    )
    return Table(_("Influencers with a page of their own"), columns, one_group(rows), sortable=True, style="members")


def _key(person: Person | Lookalike) -> str:
    return person.lookalike_key if isinstance(person, Lookalike) else person.influencer_key


def _person_cell(person: Person | Lookalike, page: str | None) -> Cell:
    return person_cell(person.handle, person.display_name, _key(person), person.profile_url, page)


def _cluster_cell(
    key: str, clusters: Mapping[str, Cluster], markers: Mapping[str, Marker], folder: str, lang: Language
) -> Cell:
    if key not in clusters:
        return Cell(NOT_KNOWN)
    return Cell(cluster_name(clusters[key], lang), href=f"{folder}{key}.html", marker=markers[key])


def _lede(person: Person, clusters: Mapping[str, Cluster], lang: Language) -> str:
    _ = lang.gettext
    name = cluster_name(clusters[person.cluster_key], lang) if person.cluster_key in clusters else person.cluster_key
    followers = format_integer(person.followers_count, lang=lang)
    if person.followers_count is None:
        opening = _("In the cluster “%(cluster)s”; how many followers is not known.") % {"cluster": name}
    else:
        message = lang.ngettext(
            "%(followers)s follower, in the cluster “%(cluster)s”.",
            "%(followers)s followers, in the cluster “%(cluster)s”.",
            person.followers_count,
        )
        opening = message % {"followers": followers, "cluster": name}
    if person.observed_at is None:
        return opening
    seen = _("Seen on %(day)s.") % {"day": format_date(person.observed_at.date(), lang=lang)}
    return f"{opening} {seen}"


def _key_figures(person: Person, metrics: tuple[PersonMetric, ...], lang: Language) -> tuple[KeyFigure, ...]:
    _ = lang.gettext
    by_name = {row.feature: row for row in metrics}

    def place(feature: str) -> str | None:
        row = by_name.get(feature)
        if row is None or row.percentile is None or row.cohort_influencers is None:
            return None
        return _("more than %(percent)s of %(n)s comparable") % {
            "percent": format_percent(row.percentile / 100, lang=lang),
            "n": format_integer(row.cohort_influencers, lang=lang),
        }

    def value(feature: str) -> float | None:
        row = by_name.get(feature)
        return None if row is None else row.value

    return (
        KeyFigure(_("Followers"), format_compact(person.followers_count, lang=lang), place("followers_count")),
        KeyFigure(_("Engagement"), format_percent(value("er_followers"), lang=lang), place("er_followers")),
        KeyFigure(_("Posts per week"), format_rate(value("posts_per_week"), lang=lang), place("posts_per_week")),
        KeyFigure(
            _("Confidence"),
            format_score(person.confidence, lang=lang),
            _("0 half-way to another cluster, 1 at the centre"),
        ),
    )


def _facts(person: Person, lang: Language) -> tuple[Fact, ...]:
    _ = lang.gettext
    link = safe_link(person.profile_url)
    name = display_text(person.display_name)
    posts = lang.ngettext("%(n)s known", "%(n)s known", person.known_posts_count) % {
        "n": format_integer(person.known_posts_count, lang=lang)
    }
    facts = [
        Fact(_("Platform"), platform_label(person.platform)),
        Fact(_("Tier"), NOT_KNOWN if person.tier is None else value_label("tier", person.tier, lang)),
        Fact(_("Category"), NOT_KNOWN if person.category is None else value_label("category", person.category, lang)),
        Fact(_("Country"), NOT_KNOWN if person.country is None else value_label("country", person.country, lang)),
        Fact(
            _("Seen on"), NOT_KNOWN if person.observed_at is None else format_date(person.observed_at.date(), lang=lang)
        ),
        Fact(_("Posts"), posts),
        Fact(_("Engagement rests on"), _basis(person.engagement_basis, lang)),
    ]
    if person.followers_change_count is not None and person.followers_change_since is not None:
        since = format_date(person.followers_change_since, lang=lang)
        facts.insert(-2, Fact(_("Followers since %(day)s") % {"day": since}, _change(person, lang)))
    if link is not None:
        facts.insert(1, Fact(_("Profile"), display_text(link, limit=80) or NOT_KNOWN, link, outside=True, foreign=True))
    if name is not None:
        facts.insert(0, Fact(_("Name"), name, foreign=True))
    return tuple(facts)


def _change(person: Person, lang: Language) -> str:
    """Write followers won or lost, and the share of those there were: ``+400 (10 %)``."""
    won = person.followers_change_count
    text = format_decimal(won, decimals=0, signed=True, lang=lang)
    before = None if won is None or person.followers_count is None else person.followers_count - won
    if not won or not before or before < 0:
        return text
    share = format_percent(abs(won) / before, lang=lang)
    return lang.gettext("%(n)s (%(share)s)") % {"n": text, "share": share}


def _basis(basis: str | None, lang: Language) -> str:
    _ = lang.gettext
    known = {"posts": _("the median of single posts"), "account_averages": _("averages that the source states")}
    return NOT_KNOWN if basis is None else known.get(basis, basis)


def _membership(
    person: Person, clusters: Mapping[str, Cluster], markers: Mapping[str, Marker], lang: Language
) -> tuple[Fact, ...]:
    _ = lang.gettext
    facts = []
    for term, key in ((_("Cluster"), person.cluster_key), (_("Could also be in"), person.runner_up_cluster_key)):
        if key is not None and key in clusters:
            facts.append(Fact(term, cluster_name(clusters[key], lang), f"../clusters/{key}.html", marker=markers[key]))
    facts.append(Fact(_("Confidence"), format_score(person.confidence, lang=lang)))
    return tuple(facts)


def _cohort(person: Person, step: str | None, lang: Language) -> str:
    """Name what a cohort shares, from the platform inwards."""
    if step is None:
        return NOT_KNOWN
    shared = {"platform_tier_category": 3, "platform_tier": 2, "platform": 1}.get(step, 0)
    values = (("platform", person.platform), ("tier", person.tier), ("category", person.category))
    parts = [value_label(dimension, value, lang) for dimension, value in values[:shared] if value is not None]
    return ", ".join(parts) or lang.gettext("Everyone")


def _metrics_table(person: Person, metrics: tuple[PersonMetric, ...], lang: Language) -> Table:
    _ = lang.gettext
    groups = []
    for block, rows in groupby((row for row in metrics if row.value is not None), key=lambda row: row.block):
        groups.append(RowGroup(tuple(_metric_row(person, row, lang) for row in rows), block_label(block, lang)))
    return Table(
        _("Every figure that is known, beside comparable influencers"),
        (
            Column(_("Feature")),
            Column(_("Value"), numeric=True),
            Column(_("Percentile"), hint=_("share of the cohort below")),
            Column(_("Median"), numeric=True, hint=_("of the cohort")),
            Column(_("Cohort"), hint=_("who it is compared with")),
            Column(_("n"), numeric=True, hint=_("influencers")),
        ),
        tuple(groups) or one_group([]),
        note=_(
            "The bar says how many of the cohort have less, equals counted by half; its tick is the median. More is "
            "not always better. A cohort shares platform, tier and category; where too few are known it is widened: "
            "the category is dropped first, then the tier, then the platform."
        ),
        style="standing",
    )


def _metric_row(person: Person, row: PersonMetric, lang: Language) -> tuple[Cell, ...]:
    label = display_text(lang.choose(en=row.feature_label_en, fr=row.feature_label_fr), limit=120) or row.feature
    # 1 to 99, as percentiles are told: 100 would be above itself
    percentile = NOT_KNOWN if row.percentile is None else format_integer(min(max(row.percentile, 1), 99), lang=lang)
    bar = None if row.percentile is None else share_bar(row.percentile / 100, tick=0.5)
    return (
        Cell(label),
        measure_cell(row.value, row.unit, lang),
        Cell(percentile, bar=bar),
        Cell(format_measure(row.cohort_median, row.unit, lang=lang)),
        Cell(_cohort(person, row.cohort_step, lang)),
        integer_cell(row.cohort_influencers, lang),
    )


def _lookalikes_table(
    data: ReportData,
    person: Person,
    lookalikes: tuple[Lookalike, ...],
    metrics: tuple[PersonMetric, ...],
    markers: Mapping[str, Marker],
    lang: Language,
) -> Table:
    _ = lang.gettext
    clusters = {row.cluster_key: row for row in data.clusters}
    labels = {row.feature: lang.choose(en=row.feature_label_en, fr=row.feature_label_fr) for row in metrics}
    labels["content"] = block_label("content", lang)
    paged = data.people.keys
    rows = [
        (
            _person_cell(row, f"{row.lookalike_key}.html" if row.lookalike_key in paged else None),
            _cluster_cell(row.cluster_key, clusters, markers, "../clusters/", lang),
            compact_cell(row.followers_count, lang),
            percent_cell(row.er_followers, lang),
            Cell(", ".join(labels.get(feature, feature) for feature in row.alike) or NOT_KNOWN),
            Cell(NOT_KNOWN if row.apart_feature is None else labels.get(row.apart_feature, row.apart_feature)),
            number_cell(format_integer(row.shared_features, lang=lang), row.shared_features),
        )
        for row in lookalikes
    ]
    note = _(
        "The nearest come first, by everything that the clusters were made from. Two are alike in what both stand out "
        "in the same way. The fewer features are known of both, the less it says."
    )
    if not person.lookalikes_are_exact:
        note += " " + _("There are too many influencers to compare all: a few nearer ones may be missing.")
    return Table(
        _("Who is most like this influencer"),
        (
            Column(_("Influencer")),
            Column(_("Cluster")),
            Column(_("Followers"), numeric=True),
            Column(_("Engagement"), numeric=True, hint=_("of followers")),
            Column(_("Alike in")),
            Column(_("Differs most in")),
            Column(_("Features"), numeric=True, hint=_("known of both")),
        ),
        one_group(rows),
        note=note,
        style="lookalikes",
    )


def _missing(metrics: tuple[PersonMetric, ...], lang: Language) -> tuple[str, ...]:
    _ = lang.gettext

    def listed(rows: list[PersonMetric]) -> str:
        return ", ".join(lang.choose(en=row.feature_label_en, fr=row.feature_label_fr) for row in rows)

    unknown = [row for row in metrics if row.value is None]
    imputed = [row for row in unknown if row.is_imputed]
    unseen = [row for row in unknown if not row.is_imputed]
    sentences = []
    if imputed:
        sentences.append(
            _("Not known, and taken to be the median of the platform when the cluster was chosen: %(features)s.")
            % {"features": listed(imputed)}
        )
    if unseen:
        sentences.append(_("Not known, and of no weight for the cluster: %(features)s.") % {"features": listed(unseen)})
    return tuple(sentences) or (_("Nothing: every figure is known."),)
