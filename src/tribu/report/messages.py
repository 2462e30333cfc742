"""Brings the catalogues of messages up to date with the templates and the code that speak.

Run ``python -m tribu.report.messages`` after a change of a text, translate what it names, and commit.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from tribu.project import find_places
from tribu.report.language import LANGUAGES

_METHODS: Final = {
    "src/tribu/report": [("**.py", "python")],
    "reports/templates": [("**.html", "jinja2")],
}
_OPTIONS: Final = {"**.html": {"newstyle_gettext": "true", "silent": "false"}}
_HEADER: Final = """\
# French messages of the site, by their English text. Spaces before : ; ! ? % and within « » are ordinary ones here;
# reading the file makes them narrow and unbreakable. `make messages` brings it up to date with templates and code.
msgid ""
msgstr ""
"Language: {code}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""


def catalogue_path(root: Path, code: str) -> Path:
    """Return the catalogue of a language in the project at ``root``."""
    return root / "reports" / "locale" / code / "LC_MESSAGES" / "tribu.po"


def extract_messages(root: Path) -> Catalog:
    """Gather every message of the templates and of the code in the project at ``root``."""
    found = Catalog(charset="utf-8")
    for folder, methods in _METHODS.items():
        for _, _, message, _, context in extract_from_dir(root / folder, methods, _OPTIONS):
            found.add(message, None, context=context)
    return found


def update_catalogue(root: Path, code: str) -> Iterator[str]:
    """Write the catalogue with today's messages: translations stay, new messages are empty, old ones go.

    Nothing is guessed from messages that look alike: a translation of another sentence is worse than none.

    Yields
    ------
    str
        Each message that has no translation yet.
    """
    path = catalogue_path(root, code)
    with path.open("rb") as file:
        known = read_po(file, locale=code)
    fresh = Catalog(locale=code, charset="utf-8", fuzzy=False)
    for message in extract_messages(root):
        if not message.id:
            continue
        before = known.get(message.id)
        text = before.string if before is not None and not before.fuzzy else None
        fresh.add(message.id, text, flags=message.flags)
        if not text or not all([text] if isinstance(text, str) else text):
            yield message.id if isinstance(message.id, str) else message.id[0]
    with path.open("wb") as file:
        file.write(_HEADER.format(code=code, plurals=fresh.plural_forms).encode())
        write_po(file, fresh, width=0, sort_output=True, no_location=True, omit_header=True)


def main() -> int:
    """Update every catalogue and name what is left to translate."""
    root = find_places().root
    missing = [(code, text) for code in LANGUAGES[1:] for text in update_catalogue(root, code)]
    for code, text in missing:
        print(f"{code}: {text}", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
