"""The folder of accepted models: one JSON file each, named so that names sort by time."""

from __future__ import annotations

import json
import os
import re
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from tribu.errors import ModelFileError

FORMAT: Final = 1
"""Version of the files; another one is refused rather than guessed at."""

_NAME: Final = re.compile(r"(?P<source>landing|sample)-(?P<at>\d{8}T\d{12})-(?P<model>[0-9a-f]{12})\.json")

Model = dict[str, Any]


def model_path(folder: Path, *, source_kind: str, accepted_at: datetime, model_id: str) -> Path:
    """Name the file of a model, such as ``landing-20260630T101500000000-1f0c….json``; ``accepted_at`` is in UTC."""
    return folder / f"{source_kind}-{accepted_at:%Y%m%dT%H%M%S%f}-{model_id}.json"


def model_files(folder: Path, source_kind: str) -> dict[str, Path]:
    """List the accepted models of one kind of source, oldest first: ``model_id`` to file.

    Models of the sample and of landed rows never meet: a scale learnt on people who do not exist is no one's.
    """
    if not folder.is_dir():
        return {}
    found = [(match, path) for path in folder.iterdir() if (match := _NAME.fullmatch(path.name))]
    files: dict[str, Path] = {}
    for match, path in sorted(found, key=lambda pair: (pair[0]["at"], pair[0]["model"])):
        if match["source"] == source_kind:
            # A model that was accepted again counts by the last time.
            files.pop(match["model"], None)
            files[match["model"]] = path
    return files


def read_model(path: Path) -> Model:
    """Read one accepted model.

    Raises
    ------
    ModelFileError
        If the file cannot be read, is no JSON, or is of another format.
    """
    try:
        model = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelFileError(
            expected=f"an accepted model in {path}",
            got=f"{type(error).__name__}: {error}",
            remedy="restore the file, or move it away: the build then uses the model accepted before it",
        ) from error
    found = model.get("format") if isinstance(model, dict) else type(model).__name__
    if found != FORMAT:
        raise ModelFileError(
            expected=f"an accepted model of format {FORMAT} in {path}",
            got=f"format {found}",
            remedy="use the version of Tribu that wrote it, or move it away",
        )
    return dict(model)


def write_model(path: Path, model: Model) -> None:
    """Write a model whole or not at all.

    Raises
    ------
    ModelFileError
        If the folder cannot be written to.
    """
    text = json.dumps(model, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        if path.parent.is_dir():
            beside.unlink(missing_ok=True)
        raise ModelFileError(
            expected=f"a folder for accepted models at {path.parent}",
            got=f"{type(error).__name__}: {error.strerror}",
            remedy="free space or give write access, or point TRIBU_MODELS elsewhere",
        ) from error
