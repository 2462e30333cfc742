"""How clusters are told apart at a glance: a colour and a shape each, the same on every page.

Colours are slots here; the style sheet holds their values, one set for light and one for dark. Shapes come
along because colour alone is no sign: some readers do not see it, and printers drop it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from tribu.report.data import Cluster

COLOUR_SLOTS: Final = 12
COLOUR_STEPS: Final = 5

SHAPES: Final[tuple[tuple[str, str], ...]] = (
    ("circle", "M8 2.2a5.8 5.8 0 1 0 0 11.6a5.8 5.8 0 1 0 0-11.6z"),
    ("square", "M3 3h10v10H3z"),
    ("diamond", "M8 1.2L14.8 8L8 14.8L1.2 8z"),
    ("triangle-up", "M8 1.8L14.8 13.6H1.2z"),
    ("cross", "M5.8 1.6h4.4v4.2h4.2v4.4h-4.2v4.2H5.8v-4.2H1.6V5.8h4.2z"),
    ("star", "M8 .8l2.1 4.9l5.3.5l-4 3.5l1.2 5.2L8 12.1l-4.6 2.8l1.2-5.2l-4-3.5l5.3-.5z"),
    ("triangle-down", "M8 14.2L1.2 2.4h13.6z"),
    ("x", "M4.4 1.3L8 4.9l3.6-3.6l3.1 3.1L11.1 8l3.6 3.6l-3.1 3.1L8 11.1l-3.6 3.6l-3.1-3.1L4.9 8L1.3 4.4z"),
    ("pentagon", "M8 1.2l7 5.1l-2.7 8.2H3.7L1 6.3z"),
    ("hourglass", "M2.2 1.8h11.6L2.2 14.2h11.6z"),
    ("hexagon", "M8 .9l6.2 3.5v7.2L8 15.1l-6.2-3.5V4.4z"),
    ("star-square", "M8 5L14 2L11 8L14 14L8 11L2 14L5 8L2 2z"),
)
"""Name of the shape in Plotly, and its outline in a box of 16 by 16."""


@dataclass(frozen=True, slots=True)
class Marker:
    """The sign of a group of dots: a colour and a shape.

    Parameters
    ----------
    slot
        From 1 to ``COLOUR_SLOTS`` in the palette of names, to ``COLOUR_STEPS`` in that of steps.
    palette
        ``cluster``: colours that are told apart; ``step``: from little to much; ``none``: the colour of notes.
    """

    slot: int
    symbol: str
    outline: str
    palette: Literal["cluster", "step", "none"] = "cluster"

    @property
    def css_class(self) -> str:
        """Class of the style sheet that sets the colour."""
        return {"cluster": f"slot-{self.slot}", "step": f"step-{self.slot}", "none": "slot-none"}[self.palette]

    @property
    def colour(self) -> str:
        """The colour as a property of the style sheet."""
        return "var(--ink-muted)" if self.palette == "none" else f"var(--{self.palette}-{self.slot})"


def assign_markers(clusters: Iterable[Cluster]) -> dict[str, Marker]:
    """Give each cluster its sign, in the order of the clusters.

    Past the last colour the shapes are shifted by one, so that no two of the first 144 clusters share both.
    """
    return {cluster.cluster_key: nominal_marker(position) for position, cluster in enumerate(clusters)}


def nominal_marker(position: int) -> Marker:
    """Give the sign of the group at ``position`` among groups without an order."""
    symbol, outline = SHAPES[(position + position // COLOUR_SLOTS) % len(SHAPES)]
    return Marker(position % COLOUR_SLOTS + 1, symbol, outline)


def ordered_marker(position: int, count: int) -> Marker:
    """Give the sign of the group at ``position`` of ``count`` groups that go from little to much."""
    symbol, outline = SHAPES[position % len(SHAPES)]
    step = round(position * (COLOUR_STEPS - 1) / max(count - 1, 1))
    return Marker(step + 1, symbol, outline, palette="step")


def unknown_marker() -> Marker:
    """Give the sign of those of whom the group is not known."""
    symbol, outline = SHAPES[-1]
    return Marker(0, symbol, outline, palette="none")
