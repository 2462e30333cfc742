"""`tribu forget`: one order of steps that a second call finishes wherever the first was cut off.

Landing goes last. Until it is written anew, all names and ids of the person can be found in it again, so whatever
stands between is done once more; when it is, everything else has been done. The list of hashes goes first, so that
nothing comes back meanwhile.
"""

from __future__ import annotations

import secrets
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from tribu.errors import ForgetError
from tribu.landing.erasure import erase, parts_without
from tribu.landing.forgotten import Forgotten, open_forgotten, read_forgotten, without_forgotten, write_forgotten
from tribu.landing.store import check_landing, open_batch
from tribu.lock import exclusive
from tribu.privacy.databases import discard_drafts, erase_from_database, keys_of, linked_accounts, rows_naming
from tribu.privacy.leftovers import (
    erase_folder,
    erase_from_model,
    files_naming,
    folder_names_person,
    refuse_foreign_folders,
)
from tribu.privacy.people import Person, find_person, near_names, own_files

_WORK: Final = ".collecting"


@dataclass(frozen=True)
class Targets:
    """Where a person may be kept.

    Attributes
    ----------
    root
        The project's folder, for the seeds.
    databases
        DuckDB files: the warehouse and the published marts; either may be missing.
    models
        Folder of accepted models.
    folders
        Folders that are made anew as a whole, and removed when they name the person: the site and exports.
    work
        Folders of which single files are removed: dbt's target and logs.
    """

    root: Path
    landing: Path
    databases: tuple[Path, ...]
    models: Path
    folders: tuple[Path, ...]
    work: tuple[Path, ...]


@dataclass(frozen=True)
class Findings:
    """What is kept of a person.

    Attributes
    ----------
    person
        Who was found.
    rows
        Rows by table, those of landing as ``landing.accounts`` and those of databases by the file's name.
    files
        Files and folders that name the person, besides those.
    linked
        Platform and handle of accounts taken for the same human being's: they are left.
    own
        Lines of the user's own files that name the person: they are left.
    known
        Whether the person is on the list of forgotten people already.
    near
        Handles much like the one that was asked for, where nobody was found.
    """

    person: Person
    rows: dict[str, int]
    files: tuple[Path, ...]
    linked: tuple[tuple[str, str], ...]
    own: tuple[str, ...]
    known: bool
    near: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing is kept that would go."""
        return not self.rows and not self.files


def find(targets: Targets, platform: str, name: str) -> Findings:
    """Look everything up that `forget` would remove, and change nothing.

    Raises
    ------
    ForgetError
        When the platform is unknown, the handle was used by several accounts, or a folder is none of Tribu's.
    LandingError, WarehouseError
        When landing or a database is damaged or in use.
    """
    check_landing(targets.landing)
    refuse_foreign_folders(targets.folders)
    person = find_person(targets.root, targets.landing, platform, name)
    linked: set[tuple[str, str]] = set()
    for database in targets.databases:
        person = replace(person, keys=person.keys | keys_of(database, person))
    for database in targets.databases:
        linked.update(linked_accounts(database, person))
    rows = _landing_rows(targets.landing, person)
    for database in targets.databases:
        rows |= {f"{database.name}: {table}": count for table, count in rows_naming(database, person).items()}
    known = read_forgotten(targets.landing)
    return Findings(
        person,
        rows,
        tuple(_files(targets, person)),
        tuple(sorted(linked)),
        tuple(own_files(targets.root, person)),
        known is not None and known.has(person.platform, name),
        () if rows else tuple(near_names(targets.landing, person, name)),
    )


def forget(targets: Targets, findings: Findings) -> None:
    """Remove a person from everything that was found, and keep a keyed hash against their return.

    Raises
    ------
    ForgetError
        When nothing of them is kept and nobody forgot them before.
    LandingError, WarehouseError
        When landing or a database is in use or cannot be written.
    """
    person = findings.person
    if findings.empty and not findings.known:
        raise ForgetError(
            expected=f"an account of {person.platform} that is kept",
            got="none of that name or id" + (f"; near it are {', '.join(findings.near)}" if findings.near else ""),
            remedy="correct it",
        )
    with _no_collection(targets.landing), open_batch(targets.landing) as writer:
        forgotten = open_forgotten(targets.landing)
        forgotten.add(person.spellings, person.names)
        write_forgotten(targets.landing, forgotten)
        _erase_derived(targets, person)
        erase(writer, partial(without_forgotten, forgotten=forgotten), person.platform, findings.rows)


@contextmanager
def _no_collection(landing: Path) -> Iterator[None]:
    """Wait for collections at work: they hold the names that they have still to ask for."""
    with ExitStack() as held:
        for folder in sorted((landing / _WORK).glob("*/")):
            held.enter_context(exclusive(folder))
        yield


def _erase_derived(targets: Targets, person: Person) -> None:
    pattern = person.pattern()
    for database in targets.databases:
        discard_drafts(database)
        if database.exists():
            erase_from_database(database, person)
    for path in files_naming(targets.models, pattern):
        erase_from_model(path, person)
    for folder in targets.folders:
        erase_folder(folder, pattern)
    for folder in targets.work:
        for path in files_naming(folder, pattern):
            path.unlink()
    shutil.rmtree(targets.landing / _WORK, ignore_errors=True)


def _landing_rows(landing: Path, person: Person) -> dict[str, int]:
    """Rows that would leave, and as ``… (name removed)`` those of others that would be written without the name."""
    trial = Forgotten(secrets.token_bytes(32))
    trial.add(person.spellings, person.names)
    counts: Counter[str] = Counter()
    for table in ("accounts", "posts", "rejects", "collections", "imports", "runs"):
        for path in sorted((landing / table).glob("*.parquet")):
            for left in parts_without(path, table, partial(without_forgotten, forgotten=trial)):
                counts[f"landing: {table}"] += left.gone.total()
                counts[f"landing: {table} (name removed)"] += left.scrubbed
    return {table: count for table, count in counts.items() if count}


def _files(targets: Targets, person: Person) -> Sequence[Path]:
    pattern = person.pattern()
    found = files_naming(targets.models, pattern)
    found += [folder for folder in targets.folders if folder_names_person(folder, pattern)]
    for folder in (*targets.work, targets.landing / _WORK):
        found += files_naming(folder, pattern)
    return found
