"""Files that are made of landing, beside the warehouse: models, site, exports, dbt's own files, what dlt left."""

from __future__ import annotations

import gzip
import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tribu.privacy.people import Person
from tribu.registry.files import write_model


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

    write_model(path, left(json.loads(path.read_text(encoding="utf-8"))))


def erase_folder(folder: Path) -> None:
    """Remove a folder with what an interrupted swap left beside it."""
    for one in (folder, *folder.parent.glob(f".{folder.name}.*")):
        shutil.rmtree(one, ignore_errors=not one.exists())


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
