"""Writing the project: Parquet, one query per table, pages filled in from templates."""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tribu.errors import ModelInputError, ProjectError
from tribu.export.evidence.frames import evidence_frames
from tribu.export.evidence.words import LEFT_OUT, Words
from tribu.export.origin import Origin, export_kind, write_marker
from tribu.folders import swapped_folder

if TYPE_CHECKING:
    import pandas as pd

FOLDER: Final = export_kind("evidence", "Evidence project")
SOURCE: Final = "wh"

# Keys become addresses of pages; anything else than this could break a link or a query.
_SAFE_KEY: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")

# A part of a page that stands or falls with a table: `needs` says where it is missing, `when` says nothing.
_PART: Final = re.compile(r"^<!-- (needs|when): ([a-z_ ]+) -->\n(.*?)^<!-- end -->\n", re.DOTALL | re.MULTILINE)

# Installed packages stay through the next export; everything else is made anew.
_KEPT: Final = ("node_modules", "package-lock.json")


def write_evidence_project(
    tables: Mapping[str, pd.DataFrame], origin: Origin, folder: Path, *, templates: Path, words: Words
) -> dict[str, int]:
    """Write an Evidence project (classic, 40.x) into ``folder``, which is replaced as a whole.

    Nothing but pandas is needed: no warehouse, no DuckDB.

    Parameters
    ----------
    tables
        As `tribu.export.evidence.reading` names them.
    origin
        The build that they come from.
    folder
        Where to write: a new or empty folder, or an earlier Evidence export. Its ``node_modules`` and
        ``package-lock.json`` are kept.
    templates
        The folder ``reports/evidence`` of the project.
    words
        The language of the pages.

    Returns
    -------
    dict[str, int]
        Rows of each table that was written.

    Raises
    ------
    ModelInputError
        When a cluster's key cannot stand in an address.
    ProjectError
        When the templates are not there.
    OutputFolderError
        When ``folder`` holds something else, or cannot be written.
    """
    if not (templates / "pages").is_dir():
        raise ProjectError(expected=f"the folder {templates}", got="no such folder", remedy="run from a complete clone")
    frames = evidence_frames(tables, words)
    if "clusters" in frames:
        _check_keys(list(frames["clusters"]["cluster_key"]))
    present = set(frames) | ({"sample"} if origin.is_sample else set()) | _findings(frames["overview"])
    with swapped_folder(folder, FOLDER, keep=_KEPT) as fresh:
        shutil.copytree(templates / "project", fresh, dirs_exist_ok=True)
        _write_data(fresh, frames)
        _write_pages(fresh, templates / "pages", present, words)
        _write_text(fresh / "README.md", _readme(frames, origin, words))
        write_marker(
            fresh,
            FOLDER,
            origin,
            {name: {"file": f"data/{name}.parquet", "rows": len(frame)} for name, frame in frames.items()},
        )
    return {name: len(frame) for name, frame in frames.items()}


def _check_keys(keys: list[str]) -> None:
    unsafe = [key for key in keys if not _SAFE_KEY.fullmatch(key)]
    if unsafe:
        raise ModelInputError(
            expected="cluster keys that begin with a letter and hold letters, digits, - and _, since they name pages",
            got=repr(unsafe[0]),
            remedy="give the cluster another key in dim_clusters",
        )


def _findings(overview: pd.DataFrame) -> set[str]:
    row = overview.iloc[0]
    found = set() if row["structure_found"] else {"no_structure"}
    return found | ({"noise"} if row["noise_influencers"] else set())


def _write_data(folder: Path, frames: Mapping[str, pd.DataFrame]) -> None:
    # beside sources/, where Evidence takes every file for a query of its own
    (folder / "data").mkdir()
    queries = folder / "sources" / SOURCE
    for name, frame in frames.items():
        frame.to_parquet(folder / "data" / f"{name}.parquet", index=False)
        _write_text(queries / f"{name}.sql", f"select * from read_parquet('data/{name}.parquet')\n")


def _write_pages(folder: Path, templates: Path, present: Collection[str], words: Words) -> None:
    for template in sorted(templates.rglob("*.md")):
        place = template.relative_to(templates)
        if place.parts[0] == "clusters" and "clusters" not in present:
            continue
        page = fill_page(template.read_text(encoding="utf-8"), present, words)
        _write_text(folder / "pages" / place, page)


def fill_page(template: str, present: Collection[str], words: Words) -> str:
    """Fill in a page: keep the parts whose tables are there, and write the marked texts in the language."""

    def part(found: re.Match[str]) -> str:
        kind, needed, body = found.groups()
        if set(needed.split()) <= set(present):
            return body
        return f"*{words.say(LEFT_OUT)}*\n" if kind == "needs" else ""

    return words.fill(_PART.sub(part, template))


def _readme(frames: Mapping[str, pd.DataFrame], origin: Origin, words: Words) -> str:
    lines = [
        "# An Evidence project, exported by Tribu",
        "",
        *(f"{sentence}  " for sentence in origin.sentences()),
        f"Language: {words.code}.",
        "",
        "For Evidence **classic, 40.x** (npm `@evidence-dev/evidence` 40.1.8, pinned in `package.json`).",
        "The later product of the same name does not read local files.",
        "",
        "```sh",
        "npm install        # Node 18 or later",
        "npm run sources    # reads data/*.parquet",
        "npm run dev        # or: npm run build, then serve build/",
        "```",
        "",
        "`npm run sources` and the browser that opens the pages each download an extension of DuckDB; without",
        "internet they wait in silence. Unlike the site of Tribu, these pages are not made for working offline.",
        "Usage statistics of Evidence are switched off in `evidence.settings.json`. Evidence writes numbers the",
        "English way in every language.",
        "",
        "The files hold names and handles of people. This folder is replaced as a whole by the next export, except for",
        "`node_modules` and `package-lock.json`: copy it before you change pages.",
        "",
        "| table | rows |",
        "|---|---|",
        *(f"| `data/{name}.parquet` | {len(frame)} |" for name, frame in frames.items()),
        "",
    ]
    return "\n".join(lines)


def _write_text(place: Path, text: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8", newline="\n")
