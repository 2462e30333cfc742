"""How far a cluster can be believed, in a figure, in words, and with how it was measured."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from tribu.report.data import Cluster
from tribu.report.formatters import format_score
from tribu.report.labels import stability_label
from tribu.report.language import Language

BOUNDS: Final = (0.6, 0.75, 0.85)
"""Where Hennig (2007) parts the readings; the reading itself comes with the figure and is not derived here."""


@dataclass(frozen=True, slots=True)
class StabilityZone:
    """A stretch of the scale that reads the same, from 0 to 100; ``tone`` counts up from the least trusted."""

    start: str
    length: str
    tone: int


@dataclass(frozen=True, slots=True)
class Stability:
    """The figure on its scale; ``figure`` is ``None`` where there was nothing to measure."""

    figure: str | None
    reading: str | None
    place: str | None
    advice: str
    method: str | None
    description: str | None
    zones: tuple[StabilityZone, ...]


def stability_of(cluster: Cluster, lang: Language) -> Stability:
    """Say how surely a cluster comes back in other rows of the same data."""
    _ = lang.gettext
    if cluster.stability is None or cluster.stability_reading is None:
        reason = (
            _("Those outside every cluster are no cluster, so there is nothing that could come back.")
            if cluster.is_noise
            else _("It was not measured: a single cluster of everybody, or too few influencers to look for it twice.")
        )
        return Stability(None, None, None, reason, None, None, ())
    advice = {
        "do_not_trust": _(
            "In other halves of the data other influencers come together. Do not plan with this cluster as it stands."
        ),
        "pattern": _(
            "There is something here, but who belongs to it changes from half to half. Take it as a hint, not as a "
            "list."
        ),
        "stable": _("Mostly the same influencers come together. It is a group to work with; its edge may shift."),
        "highly_stable": _("Nearly the same influencers come together every time. It is a group to rely on."),
    }
    figure = format_score(cluster.stability, lang=lang)
    reading = stability_label(cluster.stability_reading, lang)
    marks = (0.0, *BOUNDS, 1.0)
    bounds = {
        name: format_score(bound, lang=lang) for name, bound in zip(("first", "second", "third"), BOUNDS, strict=True)
    }
    return Stability(
        figure=figure,
        reading=reading,
        place=f"{min(max(cluster.stability, 0.0), 1.0) * 100:.1f}",
        advice=advice.get(cluster.stability_reading, ""),
        method=_(
            "How it is measured: the clusters are looked for again, in the same way, in random halves of the data, and "
            "the most similar one is compared with this one each time: of the influencers in either, the share that is "
            "in both (Jaccard index; 1: the very same, 0: none in common). The figure is the mean. Below %(first)s it "
            "is not to be trusted, below %(second)s a pattern, below %(third)s stable, from there on highly stable "
            "(Hennig, 2007)."
        )
        % bounds,
        description=_("Stability on its scale from 0 to 1: %(figure)s, %(reading)s")
        % {"figure": figure, "reading": reading},
        zones=tuple(
            StabilityZone(f"{low * 100:.0f}", f"{(high - low) * 100:.0f}", tone)
            for tone, (low, high) in enumerate(pairwise(marks))
        ),
    )
