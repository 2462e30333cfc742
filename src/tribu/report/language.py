"""The language of a page: its messages, its names and the way it writes numbers.

Every string of the interface passes through one of these objects, in Python by ``lang.gettext`` and in
templates by ``_()``. English is the source language, so its catalogue is the null one; another language is
another instance, with the messages of ``reports/locale/<code>/LC_MESSAGES/tribu.po``.
"""

from __future__ import annotations

import gettext as _gettext
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tribu.errors import ProjectError

if TYPE_CHECKING:
    from babel import Locale

NO_BREAK_SPACE: Final = "\u00a0"
NARROW_NO_BREAK_SPACE: Final = "\u202f"
MINUS: Final = "\u2212"

LANGUAGES: Final = ("en", "fr")
"""Languages that the site is written in; the first one that is asked for stands at its root."""

# The English of the pages is British, its dates too. The name is what a reader of that language looks for.
_LOCALES: Final = {"en": "en_GB", "fr": "fr_FR"}
_OWN_NAMES: Final = {"en": "English", "fr": "Français"}

# A space before high punctuation and within quotation marks; not before the gap of a message, which starts with %.
_FRENCH_SPACE: Final = re.compile(r"[ \u00a0](?=[:;!?»]|%(?!\())|(?<=«)[ \u00a0]")


@dataclass(frozen=True)
class Language:
    """A catalogue of messages with the marks that numbers are written with.

    Parameters
    ----------
    code
        One of ``LANGUAGES``.
    catalogue
        The messages; the null catalogue says them in English.
    names
        Names of values in this language, by dimension and value: those that the warehouse holds in every language.
    """

    code: str
    catalogue: _gettext.NullTranslations = field(default_factory=_gettext.NullTranslations, compare=False)
    names: Mapping[tuple[str, str], str] = field(default_factory=dict, compare=False)

    @cached_property
    def locale(self) -> Locale:
        """The rules of the Unicode CLDR for this language."""
        from babel import Locale

        return Locale.parse(_LOCALES[self.code])

    @cached_property
    def decimal_mark(self) -> str:
        """What stands before the decimals."""
        from babel.numbers import get_decimal_symbol

        return get_decimal_symbol(self.locale)

    @cached_property
    def group_mark(self) -> str:
        """What stands between groups of three digits."""
        from babel.numbers import get_group_symbol

        return get_group_symbol(self.locale)

    @property
    def own_name(self) -> str:
        """The language's name for itself."""
        return _OWN_NAMES[self.code]

    @property
    def unit_space(self) -> str:
        """The space before a unit, which does not break; in French it is narrow."""
        return NARROW_NO_BREAK_SPACE if self.code == "fr" else NO_BREAK_SPACE

    def compact_suffix(self, step: int) -> str:
        """Return what stands for 10³, 10⁶ or 10⁹ after a number, with its space where the language has one.

        The CLDR writes a capital K in English; the prefix of a thousand is a small one in every language.
        """
        pattern: str = self.locale.compact_decimal_formats["short"]["other"][str(step)].pattern
        return pattern.lstrip("0").replace("K", "k")

    def plural_count(self, number: float) -> int:
        """Return a whole number of the same plural form as ``number``, which may have decimals: 1 or 2.

        In English 1.5 takes the plural and 0 too, in French neither.
        """
        return 1 if self.locale.plural_form(number) == "one" else 2

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


def read_language(locale_folder: Path, code: str) -> Language:
    """Read the messages of a language; English needs none.

    The text file is the catalogue: nothing has to be compiled after an edit.

    Parameters
    ----------
    locale_folder
        The folder ``reports/locale`` of the project.
    code
        One of ``LANGUAGES``.

    Raises
    ------
    ProjectError
        When there is no such language, or its catalogue is absent or damaged.
    """
    if code == "en":
        return ENGLISH
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import PoFileError, read_po

    path = locale_folder / code / "LC_MESSAGES" / "tribu.po"
    if code not in LANGUAGES or not path.is_file():
        raise ProjectError(
            expected=f"the catalogue of messages {path}", got="no such file", remedy="run from a complete clone"
        )
    try:
        with path.open("rb") as file:
            catalogue = read_po(file, locale=code, abort_invalid=True)
    except (PoFileError, UnicodeDecodeError) as error:
        raise ProjectError(
            expected=f"a catalogue of messages in {path}", got=str(error), remedy="restore the file, or mend that line"
        ) from error
    for message in catalogue:
        if message.id:
            texts = message.string or ""
            message.string = typeset(texts, code) if isinstance(texts, str) else tuple(typeset(t, code) for t in texts)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Language(code=code, catalogue=_gettext.GNUTranslations(compiled))


def typeset(text: str, code: str) -> str:
    """Put the spaces of a language where its typography wants them.

    French has a narrow space that does not break before ``: ; ! ? %`` and within ``« »``. Catalogues are written with
    ordinary spaces there, which a translator sees and a test finds.
    """
    return _FRENCH_SPACE.sub(NARROW_NO_BREAK_SPACE, text) if code == "fr" else text
