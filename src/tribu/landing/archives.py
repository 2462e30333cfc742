"""Packed files: gzip and ZIP, unpacked into a folder of their own under names that Tribu gives, within limits."""

from __future__ import annotations

import errno
import gzip
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Final

from tribu.errors import InputFileError
from tribu.landing.limits import MAX_MEMBERS, MAX_RATIO, MAX_UNPACKED, RATIO_FROM

_CHUNK: Final = 1 << 20
_ENCRYPTED: Final = 0x1
_SMALLER: Final = "unpack it yourself if you trust it, and import what is in it"


DAMAGE: Final = (
    zipfile.BadZipFile,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    # An offset before the start of the file, a name that is no text, a size beyond all numbers.
    ValueError,
    OverflowError,
    # A method of compression that Python does not have, and one that wants a password.
    NotImplementedError,
    RuntimeError,
)
"""What reading a damaged archive may end with; an OSError may be damage, too (see :func:`is_damage`)."""


def is_damage(error: Exception) -> bool:
    """Tell whether an error comes from what an archive holds, and not from the disk it is read from or unpacked to."""
    if isinstance(error, OSError):
        # Seeking to a negative offset; data that are no bzip2.
        return error.errno in (None, errno.EINVAL)
    return isinstance(error, DAMAGE)


class Budget:
    """Bytes that the archives of one import may still unpack to."""

    def __init__(self, allowed: int = MAX_UNPACKED) -> None:
        self.allowed = allowed
        self.left = allowed


def is_workbook(path: Path) -> bool:
    """Tell whether a ZIP archive is an Excel workbook (they are ZIP archives, too)."""
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (OSError, *DAMAGE):
        return False


def unpack_gzip(source: Path, target: Path, label: str, budget: Budget) -> None:
    """Write the content of a gzip file to ``target``.

    Raises
    ------
    InputFileError
        When it is damaged or unpacks to more than an import takes.
    """
    try:
        with gzip.open(source) as packed:
            _copy(packed, target, label=label, packed_size=source.stat().st_size, budget=budget)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InputFileError(
            expected=f"a whole gzip file in {label}", got=str(error), remedy="download or export it again"
        ) from error


def unpack_zip(
    source: Path, folder: Path, label: str, budget: Budget, wanted: tuple[str, ...]
) -> Iterator[tuple[Path, str]]:
    """Unpack the files of a ZIP archive that end in one of ``wanted``, one at a time, with their names in it.

    A member's name is never a path that is written to.

    Raises
    ------
    InputFileError
        When the archive is damaged, encrypted, holds archives or names that climb out of it, or is too large.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS:
                raise _too_large(label, f"{len(members):,} files", f"at most {MAX_MEMBERS:,} files")
            for number, member in enumerate(_data_members(members, label, wanted)):
                target = folder / f"{number:06d}"
                with archive.open(member) as packed:
                    _copy(
                        packed,
                        target,
                        label=f"{label}/{member.filename}",
                        packed_size=member.compress_size,
                        budget=budget,
                    )
                yield target, member.filename
    except (OSError, *DAMAGE) as error:
        if not is_damage(error):
            raise
        raise InputFileError(
            expected=f"a whole ZIP archive in {label}",
            got=f"a damaged ZIP archive or Excel workbook: {error}",
            remedy="download or export it again, or unpack it and import the files in it",
        ) from error


def _data_members(members: list[zipfile.ZipInfo], label: str, wanted: tuple[str, ...]) -> list[zipfile.ZipInfo]:
    chosen: list[zipfile.ZipInfo] = []
    for member in sorted(members, key=lambda one: one.filename):
        name = PurePosixPath(member.filename)
        if member.is_dir() or any(part.startswith((".", "__MACOSX")) and part != ".." for part in name.parts):
            continue
        if name.suffix.lower() in (".zip", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".7z", ".rar", ".zst"):
            raise InputFileError(
                expected=f"no archive within the archive {label}",
                got=member.filename,
                remedy="unpack the outer one and import the inner ones",
            )
        if name.suffix.lower() not in wanted:
            continue
        if name.is_absolute() or ".." in name.parts or "\\" in member.filename or ":" in member.filename:
            raise InputFileError(
                expected=f"names that stay within the archive {label}",
                got=member.filename,
                remedy="ask whoever sent it for another one; unpack and rename it if you trust it",
            )
        if member.flag_bits & _ENCRYPTED:
            raise InputFileError(
                expected=f"an archive without a password in {label}",
                got=f"{member.filename}, which is encrypted",
                remedy="unpack it with its password and import the files in it",
            )
        chosen.append(member)
    if not chosen:
        raise InputFileError(
            expected=f"files ending in {', '.join(wanted)} in the archive {label}",
            got=f"none among its {len(members)}",
            remedy="check the archive",
        )
    return chosen


def _copy(packed: IO[bytes] | gzip.GzipFile, target: Path, *, label: str, packed_size: int, budget: Budget) -> None:
    size = 0
    with target.open("wb") as copy:
        while chunk := packed.read(_CHUNK):
            size += len(chunk)
            budget.left -= len(chunk)
            # While it is written, not before: what the headers of an archive say of its size need not be true.
            if size > RATIO_FROM and size > packed_size * MAX_RATIO:
                raise _too_large(
                    label, f"more than {size:,} of {packed_size:,}", f"at most {MAX_RATIO} times its bytes"
                )
            if budget.left < 0:
                raise _too_large(label, "more", f"at most {budget.allowed:,} bytes unpacked in one import")
            copy.write(chunk)


def _too_large(label: str, got: str, expected: str) -> InputFileError:
    return InputFileError(expected=f"{expected} in {label}", got=f"{got} (a bomb?)", remedy=_SMALLER)
