"""The words of the project: English as it stands in templates and here, French from a catalogue."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from tribu.errors import ProjectError

Code = Literal["en", "fr"]
LANGUAGES: Final[tuple[Code, ...]] = ("en", "fr")

MARKED: Final = re.compile(r"⟦(.*?)⟧", re.DOTALL)
"""Text of a template that is shown to readers. Line breaks in it are white space."""

LEFT_OUT: Final = "This section is left out: the build has no rows for it."
UNKNOWN: Final = "not known"
NONE: Final = "none"

READINGS: Final[Mapping[str, str]] = {
    "do_not_trust": "do not trust",
    "pattern": "pattern",
    "stable": "stable",
    "highly_stable": "highly stable",
}
TABLES: Final[Mapping[str, str]] = {"accounts": "Accounts", "posts": "Posts"}
DIMENSIONS: Final[Mapping[str, str]] = {
    "platform": "Platform",
    "tier": "Tier",
    "category": "Category",
    "country": "Country",
    "audience_country": "Country of the audience",
}
REASONS: Final[Mapping[str, str]] = {
    "key:missing": "Neither an account id nor a handle",
    "post_id:missing": "Neither a post id nor an address",
    "platform:unknown": "A platform that is not known",
    "row:total": "The line below a list that adds it up",
    "count:negative": "A negative count",
    "count:impossible": "A count higher than there can be",
}
ALGORITHMS: Final[Mapping[str, str]] = {
    "kmeans": "k-means",
    "bisecting_kmeans": "bisecting k-means",
    "gaussian_mixture": "Gaussian mixture",
    "agglomerative": "Ward's linkage",
    "dbscan": "DBSCAN",
    "hdbscan": "HDBSCAN",
    "none": NONE,
}
FLOORS: Final[Mapping[str, str]] = {
    "passes_k": "number of clusters",
    "passes_shares": "sizes of clusters",
    "passes_noise": "noise",
    "passes_fidelity": "fidelity",
    "passes_stability": "stability",
    "beats_null": "shuffled data",
}
# Spelt as the platforms spell themselves; not translated.
PLATFORMS: Final[Mapping[str, str]] = {"tiktok": "TikTok", "youtube": "YouTube"}


MESSAGES: Final = frozenset(
    {LEFT_OUT, UNKNOWN, NONE, *(ALGORITHMS[code] for code in ("bisecting_kmeans", "gaussian_mixture", "agglomerative"))}
).union(*(known.values() for known in (READINGS, TABLES, DIMENSIONS, REASONS, FLOORS)))
"""Every text here that another language says differently; the rest stands in the templates."""


@dataclass(frozen=True)
class Words:
    """One language: its code and, for another than English, the translation of each message."""

    code: Code = "en"
    catalogue: Mapping[str, str] = field(default_factory=dict)

    def say(self, message: str) -> str:
        """Return a message in this language."""
        return self.catalogue.get(message, message)

    def fill(self, template: str) -> str:
        """Replace the marked texts of a template."""
        return MARKED.sub(lambda found: self.say(" ".join(found[1].split())), template)


def read_words(templates: Path, code: Code) -> Words:
    """Read the catalogue of a language from the folder of the templates; English needs none.

    Raises
    ------
    ProjectError
        When the catalogue is not there.
    """
    if code == "en":
        return Words()
    file = templates / f"{code}.json"
    try:
        return Words(code, json.loads(file.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise ProjectError(
            expected=f"the catalogue {file}", got="no such file", remedy="run from a complete clone"
        ) from error
