"""Writing a folder so that readers see the old one or the new one, never half of either."""

from __future__ import annotations

import json
import secrets
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tribu.errors import OutputFolderError

_ABANDONED_SECONDS: Final = 3600


@dataclass(frozen=True)
class FolderKind:
    """What Tribu writes as a whole folder, and how it knows an earlier one, which it may replace.

    Parameters
    ----------
    noun
        What the folder is, for messages: ``site``, ``CSV export``.
    marker
        Name of a JSON file in the folder; each such folder has one.
    format
        Value of its key ``format``.
    """

    noun: str
    marker: str
    format: str


@contextmanager
def swapped_folder(target: Path, kind: FolderKind, *, keep: Sequence[str] = ()) -> Iterator[Path]:
    """Yield an empty folder beside ``target``; it takes the place of ``target`` when the block ends well.

    When the block raises, ``target`` stays as it was and the new folder is removed. The swap is two renames
    within one parent folder. A process killed between them leaves the old folder under its other name, and the
    next call puts it back before it starts.

    Parameters
    ----------
    target
        The folder to replace; it need not exist.
    kind
        What is written. Only an empty folder or an earlier one of this kind is replaced.
    keep
        Names of files and folders in the old folder that move to the new one, unless it has its own.

    Raises
    ------
    OutputFolderError
        When ``target`` is a file, holds something else, or cannot be written.
    """
    target = target.resolve()  # a link keeps pointing at the folder, rather than being replaced by one
    parent = target.parent
    previous = parent / f".{target.name}.previous"
    try:
        parent.mkdir(parents=True, exist_ok=True)
        _restore(target, previous)
        _refuse_foreign(target, kind)
        _remove_abandoned(target)
        # Not tempfile.mkdtemp: its folders are closed to everyone else, and a site is there to be served.
        fresh = parent / f".{target.name}.new-{secrets.token_hex(4)}"
        fresh.mkdir()
    except OSError as error:
        raise _unwritable(target, error) from error
    try:
        yield fresh
        try:
            _swap(fresh, target, previous, keep)
        except OSError as error:
            raise _unwritable(target, error) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _swap(fresh: Path, target: Path, previous: Path, keep: Sequence[str]) -> None:
    had_old = target.exists()
    if had_old:
        target.rename(previous)
    moved: list[str] = []
    try:
        for name in keep:
            if (previous / name).exists() and not (fresh / name).exists():
                (previous / name).rename(fresh / name)
                moved.append(name)
        fresh.rename(target)
    except OSError:
        for name in moved:
            (fresh / name).rename(previous / name)
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


def _refuse_foreign(target: Path, kind: FolderKind) -> None:
    if not target.exists():
        return
    if not target.is_dir():
        raise OutputFolderError(
            expected=f"a folder for the {kind.noun}", got=f"the file {target}", remedy="name another folder"
        )
    if any(target.iterdir()) and not _is_of_kind(target, kind):
        raise OutputFolderError(
            expected=f"an empty folder or an earlier {kind.noun} of Tribu, which is replaced as a whole",
            got=f"{target}, which holds something else",
            remedy="name another folder, or empty this one yourself",
        )


def _is_of_kind(folder: Path, kind: FolderKind) -> bool:
    try:
        marker = json.loads((folder / kind.marker).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(marker, dict) and marker.get("format") == kind.format


def _remove_abandoned(target: Path) -> None:
    """Remove what killed runs left; the age spares one that runs at the same time."""
    for folder in target.parent.glob(f".{target.name}.new-*"):
        if time.time() - folder.stat().st_mtime > _ABANDONED_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def _unwritable(target: Path, error: OSError) -> OutputFolderError:
    return OutputFolderError(
        expected=f"a folder {target} that can be replaced",
        got=error.strerror or str(error),
        remedy="check its permissions, or name another folder",
    )
