"""The pieces that pages are made of, ready to be placed: text already formatted, geometry already computed.

Templates turn each of them into markup with one macro of ``components.html``; they decide nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from tribu.report.formatters import NOT_KNOWN
from tribu.report.markers import Marker


@dataclass(frozen=True, slots=True)
class Bar:
    """A share as the length of a bar, with a tick where everyone else stands; both from 0 to 100."""

    length: str
    tick: str | None = None
    slot: int | None = None


@dataclass(frozen=True, slots=True)
class DeviationBar:
    """A bar that starts from the middle of a box of 100 and goes left or right."""

    start: str
    length: str
    below: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table.

    Parameters
    ----------
    text
        What the cell says; ``NOT_KNOWN`` gets words for a screen reader.
    sort_value
        What to sort by where the text does not sort: the raw number.
    href, outside
        A link, and whether it leaves the site.
    foreign
        The text was written by somebody else: it is isolated from the direction of the page.
    detail
        A second, quieter line.
    tone
        Class of the background in a heatmap: ``p4`` (far above) to ``n4`` (far below).
    """

    text: str
    sort_value: str | None = None
    href: str | None = None
    outside: bool = False
    foreign: bool = False
    detail: str | None = None
    bar: Bar | None = None
    deviation: DeviationBar | None = None
    marker: Marker | None = None
    tone: str | None = None

    @property
    def unknown(self) -> bool:
        """Whether the cell stands for a value that is not known."""
        return self.text == NOT_KNOWN


@dataclass(frozen=True, slots=True)
class Column:
    """The heading of a column; ``hint`` explains it, ``order`` says how the rows already stand by it."""

    label: str
    numeric: bool = False
    hint: str | None = None
    order: str | None = None
    href: str | None = None
    marker: Marker | None = None


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows that belong together, under a heading of their own where there is one."""

    rows: tuple[tuple[Cell, ...], ...]
    heading: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption; the first cell of each row is the row's heading."""

    caption: str
    columns: tuple[Column, ...]
    groups: tuple[RowGroup, ...]
    note: str | None = None
    sortable: bool = False
    style: str = "plain"

    @property
    def empty(self) -> bool:
        """Whether the table has no row."""
        return not any(group.rows for group in self.groups)


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A number that the page opens with."""

    label: str
    value: str
    note: str | None = None

    @property
    def unknown(self) -> bool:
        """Whether the number is not known."""
        return self.value == NOT_KNOWN


@dataclass(frozen=True, slots=True)
class Definition:
    """A term and what is said of it."""

    term: str
    text: str


@dataclass(frozen=True, slots=True)
class PictureLayer:
    """The dots of one cluster as one SVG path; ``slot`` is ``None`` for those in the background."""

    path: str
    slot: int | None


@dataclass(frozen=True, slots=True)
class PictureLabel:
    """A cluster's key, written where its dots are."""

    x: int
    y: int
    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The map without a script: it stands in for the chart, and goes to paper."""

    width: int
    height: int
    layers: tuple[PictureLayer, ...]
    labels: tuple[PictureLabel, ...]
    description: str


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """An entry of a legend; it hides and shows the dots of its group."""

    label: str
    count: str
    marker: Marker


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values that a chooser offers."""

    value: str
    label: str
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Grouping:
    """A way to colour the dots: its name and its legend."""

    grouping_id: str
    label: str
    legend_label: str
    legend: tuple[LegendEntry, ...]


@dataclass(frozen=True, slots=True)
class Map:
    """The interactive map: what can be chosen, its data as JSON, and the picture that stands in for it."""

    title: str
    caption: str
    note: str
    methods: tuple[Choice, ...]
    dimensions: tuple[Choice, ...]
    groupings: tuple[Grouping, ...]
    data: Markup
    picture: Picture


@dataclass(frozen=True, slots=True)
class Translation:
    """The same page in one of the languages: its code, its name for itself, and the address from this page."""

    code: str
    name: str
    href: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link inside the site."""

    label: str
    href: str
    marker: Marker | None = None
