"""Errors that a user can act on: each says what was expected, what came, and what to do.

Exit codes of the ``tribu`` command are those of the classes below; 0 is success, 1 a fault of Tribu
itself and 2 a command line that does not parse (the convention of click).
"""

from __future__ import annotations

from typing import Final


class TribuError(Exception):
    """A problem outside the program, told in one line.

    Parameters
    ----------
    expected, got, remedy
        Short phrases without a final full stop. They stay readable as attributes.
    """

    exit_code = 1

    def __init__(self, *, expected: str, got: str, remedy: str) -> None:
        self.expected = expected
        self.got = got
        self.remedy = remedy
        # One line whatever the parts hold: file names and headers may carry line breaks.
        super().__init__(" ".join(f"expected {expected}; got {got}; remedy: {remedy}".split()))


class InputFileError(TribuError):
    """A file that cannot be read: missing, empty, binary, locked, not in the declared encoding."""

    exit_code = 3


class MappingError(TribuError):
    """A mapping that is unknown, invalid, or does not fit the file."""

    exit_code = 4


class LandingError(TribuError):
    """A landing folder that is not Tribu's, or of another version, or damaged."""

    exit_code = 5


class WarehouseError(TribuError):
    """A warehouse that is absent, in use, unfinished, or built by something else."""

    exit_code = 6


class ProjectError(TribuError):
    """The command was started outside a Tribu project."""

    exit_code = 7


class ModelInputError(TribuError):
    """A table handed to the library that does not have the columns or types it needs."""

    exit_code = 8


class OutputFolderError(TribuError):
    """A place where site, published marts or an export cannot be written, or must not: it holds something else."""

    exit_code = 9


class ModelFileError(TribuError):
    """An accepted model that is absent, damaged, of another format, or cannot be written."""

    exit_code = 10


class CollectError(TribuError):
    """A network that cannot be asked: no token, an address or a handle that is none, no run to go on with."""

    exit_code = 11


class IncompleteRunError(TribuError):
    """A run that ended before every account was collected; what came is landed, ``--resume`` goes on."""

    exit_code = 12


class ForgetError(TribuError):
    """Nobody, or more than one account, is meant by what `tribu forget` was asked for."""

    exit_code = 13


class DiskError(TribuError):
    """A disk that is full, or a place on it that may not be written."""

    exit_code = 14


# As the system, Arrow and DuckDB word them; the last is DuckDB's where rows no longer fit beside its file.
_DISK_FAULTS: Final = (
    "No space left on device",
    "Disk quota exceeded",
    "File too large",
    "Read-only file system",
    "Permission denied",
    "max_temp_directory_size",
)


def disk_error(words: object) -> DiskError | None:
    """Tell from an error, or its words, that a disk is at fault; None where something else is.

    By its words, since DuckDB's errors carry no number, and those of Arrow not always.
    """
    # Of a trace, the line that says it.
    told = next((line for line in str(words).splitlines() if any(fault in line for fault in _DISK_FAULTS)), None)
    if told is None:
        return None
    return DiskError(
        expected="room on a disk that may be written",
        got=told.strip()[:300],
        remedy="free space or give write access, and run the same command again; what is landed, accepted and "
        "published is whole",
    )
