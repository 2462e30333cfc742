"""Writing a folder so that readers see the old one or the new one, never half of either."""

from __future__ import annotations

import ctypes
import json
import os
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

# AT_FDCWD and RENAME_EXCHANGE of Linux.
_HERE: Final = -100
_EXCHANGE: Final = 2


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
    previous = _beside(target, "previous")
    try:
        parent.mkdir(parents=True, exist_ok=True)
        _restore(target, previous)
        refuse_foreign(target, kind)
        _remove_abandoned(target)
        # Not tempfile.mkdtemp: its folders are closed to everyone else, and a site is there to be served.
        fresh = _beside(target, f"new-{secrets.token_hex(4)}")
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


def staged_beside(target: Path) -> Path:
    """Where a file or folder stands, finished, before it takes its place; on the same file system by being beside."""
    return _beside(target.resolve(), "staged")


def _beside(target: Path, state: str) -> Path:
    """Name a hidden neighbour; those of a staged folder begin with the name of what it will be, as all others do."""
    return target.with_name(f".{target.name.removeprefix('.')}.{state}")


def replace_folder(fresh: Path, target: Path) -> None:
    """Put ``fresh`` in the place of ``target``, and what was there, if anything, in its own.

    Linux exchanges the two in one step, so that a page that is asked for meanwhile is there. Elsewhere ``target`` has
    no name for a moment.
    """
    aside = _beside(target, "previous")
    if not target.exists():
        fresh.rename(target)
        shutil.rmtree(aside, ignore_errors=True)
    elif not _exchanged(fresh, target):
        target.rename(aside)
        fresh.rename(target)
        aside.rename(fresh)


def _exchanged(first: Path, second: Path) -> bool:
    # Python has no name for renameat2; a system or a file system without it says no.
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    return (
        rename is not None
        and rename(_HERE, os.fsencode(first), _HERE, os.fsencode(second), ctypes.c_uint(_EXCHANGE)) == 0
    )


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


def refuse_foreign(target: Path, kind: FolderKind) -> None:
    """Refuse to replace what is not ours.

    Raises
    ------
    OutputFolderError
        When ``target`` exists and is neither an empty folder nor an earlier one of this kind.
    """
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
    for folder in target.parent.glob(_beside(target, "new-*").name):
        if time.time() - folder.stat().st_mtime > _ABANDONED_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def _unwritable(target: Path, error: OSError) -> OutputFolderError:
    return OutputFolderError(
        expected=f"a folder {target} that can be replaced",
        got=error.strerror or str(error),
        remedy="check its permissions, or name another folder",
    )
