"""Where things are: the project's folder, landing, the warehouse, accepted models, the published marts and the site."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from tribu.errors import ProjectError

_MARKER = "dbt_project.yml"


@dataclass(frozen=True)
class Places:
    """The folders and files of one project; each can be moved by an environment variable."""

    root: Path
    landing: Path
    warehouse: Path
    models: Path
    published: Path
    site: Path

    @property
    def lock(self) -> Path:
        """File that whoever writes the warehouse, the published marts or the site holds meanwhile."""
        return lock_beside(self.warehouse)

    @property
    def dbt_docs(self) -> Path:
        """Documentation by dbt, once `tribu docs` has made it: beside the warehouse, whose columns it lists."""
        return self.warehouse.parent / "dbt-docs.html"


def lock_beside(warehouse: Path) -> Path:
    """Name the lock file of a warehouse, which stands beside it."""
    return warehouse.parent / f".{warehouse.name}.lock"


def find_places(start: Path | None = None) -> Places:
    """Find the project at or above ``start`` (the current folder by default).

    Relative values of ``TRIBU_LANDING``, ``TRIBU_WAREHOUSE``, ``TRIBU_MODELS``, ``TRIBU_PUBLISHED`` and ``TRIBU_SITE``
    count from the project's folder, as they do in ``dbt build``. Accepted models and published marts stand beside the
    warehouse unless told otherwise: another warehouse has another history.

    Raises
    ------
    ProjectError
        When neither ``start`` nor a folder above it holds Tribu's ``dbt_project.yml``.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        marker = folder / _MARKER
        if marker.is_file() and "name: tribu" in marker.read_text(encoding="utf-8"):
            warehouse = folder / os.environ.get("TRIBU_WAREHOUSE", "data/warehouse.duckdb")
            return Places(
                root=folder,
                landing=folder / os.environ.get("TRIBU_LANDING", "data/landing"),
                warehouse=warehouse,
                models=folder / os.environ.get("TRIBU_MODELS", str(warehouse.parent / "models")),
                published=folder / os.environ.get("TRIBU_PUBLISHED", str(warehouse.parent / "published.duckdb")),
                site=folder / os.environ.get("TRIBU_SITE", "reports/site"),
            )
    raise ProjectError(
        expected=f"a folder inside a Tribu project (one that holds Tribu's {_MARKER})",
        got=str(here),
        remedy="change into the folder that you cloned and try again",
    )
