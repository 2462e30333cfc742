"""What is said of the map's pictures: their names, what they keep, and how far to believe each."""

from __future__ import annotations

from typing import Final

from tribu.report.components import Cell, Column, Table
from tribu.report.data import MapPicture, ReportData
from tribu.report.formatters import format_percent, format_score
from tribu.report.labels import code_label
from tribu.report.language import Language
from tribu.report.tables import integer_cell, one_group, score_cell

# Trustworthiness from which a picture's neighbours are said to be those of the data. The literature sets no bounds;
# these are round numbers, and the score stands beside the words.
_NEARLY_ALL: Final = 0.95
_MOST: Final = 0.9


def method_label(method: str, lang: Language) -> str:
    """Name a method in the few letters of a button."""
    _ = lang.gettext
    return {"pca": _("PCA"), "umap": _("UMAP"), "tsne": _("t-SNE")}.get(method, code_label(method))


def dimensions_label(dimensions: int, lang: Language) -> str:
    """Name a number of dimensions; the hyphen does not break."""
    return lang.gettext("%(n)s\u2011D") % {"n": dimensions}


def picture_note(picture: MapPicture, lang: Language) -> str:
    """Say what the picture keeps, and how far to believe it."""
    _ = lang.gettext
    nature = {
        "pca": _(
            "PCA shows the directions in which influencers differ most; what differs in other directions falls "
            "together."
        ),
        "umap": _(
            "UMAP keeps neighbours together. It is for looking, not for clustering: distances between far groups mean "
            "little."
        ),
        "tsne": _(
            "t-SNE keeps neighbours together. It is for looking, not for clustering: distances between far groups mean "
            "little, and so do the sizes of groups."
        ),
    }
    sentences = [nature[picture.method]] if picture.method in nature else []
    if picture.trustworthiness is not None:
        trust = _("Trustworthiness %(score)s of 1: %(reading)s.")
        reading = trust_reading(picture.trustworthiness, lang)
        sentences.append(trust % {"score": format_score(picture.trustworthiness, lang=lang), "reading": reading})
    if picture.dimensions == 3:
        sentences.append(_("Drag it to turn it; in three dimensions there are fewer shapes, so colours count."))
    return " ".join(sentences)


def trust_reading(trustworthiness: float, lang: Language) -> str:
    """Say in words what a trustworthiness means."""
    _ = lang.gettext
    if trustworthiness >= _NEARLY_ALL:
        return _("dots that lie close are nearly always alike in the data")
    if trustworthiness >= _MOST:
        return _("dots that lie close are mostly alike in the data")
    return _("of dots that lie close, many are not alike in the data")


def picture_table(data: ReportData, lang: Language) -> Table:
    """List the pictures with their figures."""
    _ = lang.gettext
    rows = []
    for picture in data.pictures:
        trust = picture.trustworthiness
        moved = picture.displacement_ratio
        rows.append(
            (
                Cell(f"{method_label(picture.method, lang)} {dimensions_label(picture.dimensions, lang)}"),
                score_cell(trust, lang),
                Cell("–" if trust is None else trust_reading(trust, lang)),
                integer_cell(picture.known_points, lang),
                Cell(format_percent(moved, lang=lang), sort_value=None if moved is None else repr(moved)),
            )
        )
    return Table(
        _("How far each picture of the map can be believed"),
        (
            Column(_("Picture")),
            Column(_("Trustworthiness"), numeric=True, hint=_("0 to 1")),
            Column(_("Reading")),
            Column(_("Seen before"), numeric=True, hint=_("in the picture before")),
            Column(_("Moved since"), numeric=True, hint=_("of their distance from the middle")),
        ),
        one_group(rows),
        note=_(
            "Trustworthiness is 1 where whoever is near on the map is near in the data, and about 0.5 where the map is "
            "drawn at random. UMAP and t-SNE go on from the picture of the build before; PCA does not."
        ),
        style="wide",
    )
