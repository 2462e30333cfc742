"""The language of a page: its messages and the way it writes numbers.

Every string of the interface passes through one of these objects, in Python by ``lang.gettext`` and in
templates by ``_()``. English is the source language, so its catalogue is the null one; another language is
another instance.
"""

from __future__ import annotations

import gettext as _gettext
from dataclasses import dataclass, field
from typing import Final

NO_BREAK_SPACE: Final = "\u00a0"
MINUS: Final = "\u2212"


@dataclass(frozen=True)
class Language:
    """A catalogue of messages with the marks that numbers are written with."""

    code: str
    catalogue: _gettext.NullTranslations = field(default_factory=_gettext.NullTranslations, compare=False)
    decimal_mark: str = "."
    group_mark: str = ","
    months: tuple[str, ...] = (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    )  # fmt: skip

    def gettext(self, message: str) -> str:
        """Return ``message`` in this language."""
        return self.catalogue.gettext(message)

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        """Return the form of the message that ``count`` asks for in this language."""
        return self.catalogue.ngettext(singular, plural, count)

    def choose(self, *, en: str, fr: str) -> str:
        """Pick the wording of a name that the warehouse holds in both languages."""
        return fr if self.code == "fr" else en


ENGLISH: Final = Language(code="en")
