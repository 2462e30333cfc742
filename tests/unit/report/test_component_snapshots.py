"""What each macro of components.html makes of fixed values, beside the markup that was looked at and committed.

``UPDATE_SNAPSHOTS=1 python -m pytest tests/unit/report/test_component_snapshots.py`` writes them anew; read the diff.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup
from tests.unit.report.conftest import TEMPLATES

from tribu.report.components import (
    Bar,
    Cell,
    Choice,
    Column,
    Definition,
    DeviationBar,
    Grouping,
    KeyFigure,
    LegendEntry,
    Map,
    Picture,
    PictureLabel,
    PictureLayer,
    RowGroup,
    Table,
)
from tribu.report.formatters import NOT_KNOWN
from tribu.report.language import ENGLISH
from tribu.report.markers import Marker
from tribu.report.site import template_environment

SNAPSHOTS = Path(__file__).with_name("snapshots")
UPDATE = bool(os.environ.get("UPDATE_SNAPSHOTS"))

DISC = Marker(1, "circle", "M8 2z")
SQUARE = Marker(2, "square", "M3 3h10z", palette="step")
HOSTILE = "<b>&\"'"
PICTURE = Picture(
    200,
    100,
    (PictureLayer("M1 2h0", None), PictureLayer("M3 4h0M5 6h0", 1)),
    (PictureLabel(3, 5, "c01"),),
    "Two dots and one behind them.",
)
CELLS = {
    "plain": Cell("12,345", sort_value="12345"),
    "not known": Cell(NOT_KNOWN),
    "of somebody else": Cell(HOSTILE, foreign=True, detail=HOSTILE),
    "link": Cell("Cluster", href="c01.html", marker=DISC),
    "link elsewhere": Cell("@ana", href="https://example.org/?a=1&b=2", outside=True, foreign=True),
    "bar": Cell("25 %", bar=Bar("25.00", "40.00", 1)),
    "deviation": Cell("−1.0", deviation=DeviationBar("37.50", "12.50", below=True)),
}
TABLE = Table(
    "Clusters & more",
    (Column("Cluster", order="ascending"), Column("Share", numeric=True, hint="of all"), Column("Deviation", href="#x", marker=SQUARE)),
    (
        RowGroup(((CELLS["link"], CELLS["bar"], Cell("+2.6", tone="p4")),), heading="Size"),
        RowGroup(((CELLS["of somebody else"], CELLS["not known"], CELLS["deviation"]),)),
    ),
    note="Two rows.",
    sortable=True,
    style="members",
)  # fmt: skip
MAP = Map(
    title="The map",
    caption="Each dot is an influencer.",
    note="Believe it.",
    methods=(Choice("pca", "PCA"), Choice("umap", "UMAP")),
    dimensions=(Choice("2", "2-D"), Choice("3", "3-D")),
    groupings=(
        Grouping("cluster", "Cluster", "Clusters on the map", (LegendEntry(HOSTILE, "3", DISC),)),
        Grouping("tier", "Tier", "Tiers on the map", (LegendEntry("Nano", "3", SQUARE),)),
    ),
    data=Markup('{"labels":[]}'),
    picture=PICTURE,
)

# Macro, case, arguments. One file per macro, one paragraph per case.
CASES: dict[str, dict[str, tuple[Any, ...]]] = {
    "glyph": {"cluster": (DISC,), "step": (SQUARE,)},
    "not_known": {"only": ()},
    "key_figures": {"figures": ([KeyFigure("Clusters", "7", "k-means"), KeyFigure("Silhouette", NOT_KNOWN)],)},
    "definitions": {"two": ([Definition("Algorithm", "k-means"), Definition(HOSTILE, HOSTILE)],)},
    "share_bar": {"plain": (Bar("25.00"),), "with everyone's share": (Bar("25.00", "40.00", 3),)},
    "deviation_bar": {
        "below": (DeviationBar("37.50", "12.50", below=True),),
        "above": (DeviationBar("50", "9", below=False),),
    },
    "cell_text": {name: (cell,) for name, cell in CELLS.items() if not (cell.bar or cell.deviation)},
    "cell_content": {name: (cell,) for name, cell in CELLS.items()},
    "cell_classes": {
        "text": (CELLS["plain"], Column("x")),
        "number": (CELLS["plain"], Column("x", numeric=True)),
        "bar": (CELLS["bar"], Column("x", numeric=True)),
        "tone": (Cell("0", tone="none"), Column("x")),
    },
    "table": {
        "sortable, with groups": (TABLE,),
        "empty, its caption unseen": (Table("Nothing", (Column("Name"),), (RowGroup(()),)), False),
    },
    "picture": {"still": (PICTURE,)},
    "chooser": {"two": ("method", "Picture", MAP.methods)},
    "map": {"whole": (MAP,)},
}


@pytest.fixture(scope="module")
def macros() -> dict[str, Callable[..., str]]:
    module = template_environment(TEMPLATES, ENGLISH).get_template("components.html").module
    return {name: value for name, value in vars(module).items() if callable(value) and not name.startswith("_")}


def test_every_macro_has_a_snapshot(macros: dict[str, Callable[..., str]]) -> None:
    assert sorted(macros) == sorted(CASES), "give a new macro its cases here, and write the snapshots anew"
    assert sorted(path.stem for path in SNAPSHOTS.glob("*.html")) == sorted(CASES)


@pytest.mark.parametrize("name", CASES)
def test_a_macro_makes_what_was_committed(name: str, macros: dict[str, Callable[..., str]]) -> None:
    made = "\n".join(
        f"<!-- {case} -->\n{str(macros[name](*arguments)).strip()}\n" for case, arguments in CASES[name].items()
    )
    place = SNAPSHOTS / f"{name}.html"
    if UPDATE:
        SNAPSHOTS.mkdir(exist_ok=True)
        place.write_text(made, encoding="utf-8")
    assert made == place.read_text(encoding="utf-8")
