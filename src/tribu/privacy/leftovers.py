"""Files that are made of landing, beside the warehouse: models, site, exports, dbt's own files, what dlt left."""

from __future__ import annotations

import gzip
import io
import json
import re
import secrets
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from tribu.errors import ForgetError
from tribu.privacy.people import Person
from tribu.registry.files import read_model, write_model

_MARKERS: Final = ("report.json", "tribu-export.json")


def names_person(path: Path, pattern: re.Pattern[str]) -> bool:
    """Tell whether a file, unpacked, names the person; so may its own name."""
    return any(pattern.search(text) for text in (path.name, *_texts(path.name, path.read_bytes())))


def folder_names_person(folder: Path, pattern: re.Pattern[str]) -> bool:
    """Tell whether any file of a folder names the person."""
    return folder.is_dir() and any(names_person(path, pattern) for path in _files(folder))


def files_naming(folder: Path, pattern: re.Pattern[str]) -> list[Path]:
    """Files in a folder and below that name the person; none where there is no folder."""
    return [path for path in _files(folder) if names_person(path, pattern)] if folder.is_dir() else []


def erase_from_model(path: Path, person: Person) -> None:
    """Write an accepted model anew without the entries that name the person, such as a term of its topics."""
    pattern = person.pattern()

    def left(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: left(one) for key, one in value.items() if not pattern.search(key) and not _says(one, pattern)}
        if isinstance(value, list):
            return [left(one) for one in value if not _says(one, pattern)]
        return value

    if path.name.startswith("."):
        path.unlink()  # what a killed build had begun to write
    else:
        write_model(path, left(read_model(path)))


def refuse_foreign_folders(folders: Iterable[Path]) -> None:
    """Stop before anything is removed that Tribu did not write: a site or an export says what it is.

    Raises
    ------
    ForgetError
        Naming the folder.
    """
    for folder in folders:
        if not folder.is_dir() or not any(folder.iterdir()):
            continue
        if not any(_written_by_tribu(folder / marker) for marker in _MARKERS):
            raise ForgetError(
                expected="a folder that `tribu report` or `tribu export` wrote, for it is removed as a whole",
                got=f"{folder}, which holds something else",
                remedy="name another folder, or look through this one yourself",
            )


def _written_by_tribu(marker: Path) -> bool:
    try:
        stated = json.loads(marker.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(stated, dict) and str(stated.get("format")).startswith("tribu-")


def erase_folder(folder: Path, pattern: re.Pattern[str]) -> None:
    """Remove a folder that names the person, and what an interrupted swap or removal left beside it."""
    if folder_names_person(folder, pattern):
        # In one step, for half a site would no longer say that it is one.
        folder.rename(folder.with_name(f".{folder.name}.forgetting-{secrets.token_hex(3)}"))
    for one in folder.parent.glob(f".{folder.name}.*"):
        if one.is_dir() and not one.is_symlink():
            shutil.rmtree(one)


def _says(value: Any, pattern: re.Pattern[str]) -> bool:
    if isinstance(value, dict):
        return any(isinstance(one, str) and pattern.search(one) for one in value.values())
    return isinstance(value, str) and bool(pattern.search(value))


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())


def _texts(name: str, content: bytes) -> Iterator[str]:
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                yield from _texts(member, archive.read(member))
    elif content[:2] == b"\x1f\x8b":
        yield from _texts(name.removesuffix(".gz"), gzip.decompress(content))
    elif content[:4] == b"PAR1":
        import pyarrow.parquet as pq

        yield str(pq.read_table(io.BytesIO(content)).to_pylist())
    else:
        yield content.decode("utf-8", errors="replace")
