"""Writing a folder so that readers see the old one or the new one, never half of either."""

from __future__ import annotations

import json
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tribu.errors import SiteFolderError
from tribu.report.summary import FORMAT

MARKER: Final = "report.json"
"""The file by which a folder is known to be a site of Tribu, and so may be replaced."""

_ABANDONED_SECONDS: Final = 3600


@contextmanager
def swapped_folder(target: Path) -> Iterator[Path]:
    """Yield an empty folder beside ``target``; it takes the place of ``target`` when the block ends well.

    When the block raises, ``target`` stays as it was and the new folder is removed. The swap is two renames
    within one parent folder. A process killed between them leaves the old site under its other name, and the
    next call puts it back before it starts.

    Raises
    ------
    SiteFolderError
        When ``target`` is a file, holds something that is not a site of Tribu, or cannot be written.
    """
    target = target.resolve()  # a link keeps pointing at the folder, rather than being replaced by one
    parent = target.parent
    previous = parent / f".{target.name}.previous"
    try:
        parent.mkdir(parents=True, exist_ok=True)
        _restore(target, previous)
        _refuse_foreign(target)
        _remove_abandoned(target)
        # Not tempfile.mkdtemp: its folders are closed to everyone else, and a site is there to be served.
        fresh = parent / f".{target.name}.new-{secrets.token_hex(4)}"
        fresh.mkdir()
    except OSError as error:
        raise _unwritable(target, error) from error
    try:
        yield fresh
        try:
            _swap(fresh, target, previous)
        except OSError as error:
            raise _unwritable(target, error) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _swap(fresh: Path, target: Path, previous: Path) -> None:
    had_old = target.exists()
    if had_old:
        target.rename(previous)
    try:
        fresh.rename(target)
    except OSError:
        if had_old:
            previous.rename(target)
        raise
    shutil.rmtree(previous, ignore_errors=True)


def _restore(target: Path, previous: Path) -> None:
    if not previous.exists():
        return
    if target.exists():
        shutil.rmtree(previous)
    else:
        previous.rename(target)


def _refuse_foreign(target: Path) -> None:
    if not target.exists():
        return
    if not target.is_dir():
        raise SiteFolderError(expected="a folder for the site", got=f"the file {target}", remedy="name another folder")
    if any(target.iterdir()) and not _is_site(target):
        raise SiteFolderError(
            expected="an empty folder or an earlier site of Tribu, which is replaced as a whole",
            got=f"{target}, which holds something else",
            remedy="name another folder, or empty this one yourself",
        )


def _is_site(folder: Path) -> bool:
    try:
        marker = json.loads((folder / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(marker, dict) and marker.get("format") == FORMAT


def _remove_abandoned(target: Path) -> None:
    """Remove what killed renderings left; the age spares a rendering that runs at the same time."""
    for folder in target.parent.glob(f".{target.name}.new-*"):
        if time.time() - folder.stat().st_mtime > _ABANDONED_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def _unwritable(target: Path, error: OSError) -> SiteFolderError:
    return SiteFolderError(
        expected=f"a folder {target} that can be replaced",
        got=error.strerror or str(error),
        remedy="check its permissions, or name another folder",
    )
