"""The site in its place in the project: what a build calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import pyarrow as pa

from tribu.folders import refuse_foreign, staged_beside
from tribu.project import find_places
from tribu.report.language import LANGUAGES, read_language
from tribu.report.pseudonyms import pseudonym_key
from tribu.report.site import SITE_FOLDER, render_site


class Relation(Protocol):
    """A table of the warehouse, not read yet."""

    def to_arrow_table(self) -> pa.Table:
        """Read it."""


def render_project_site(
    tables: Mapping[str, pa.Table | Relation], *, meta: Mapping[str, Any] | None = None
) -> pa.Table:
    """Render the site of the project that the process runs in, in every language, from its own templates and assets.

    Parameters
    ----------
    tables
        The ``rpt_*`` tables by name, as they are or as relations of the warehouse.
    meta
        Settings of the model; ``pseudonymise`` asks for pseudonyms in the place of names, ``staged`` leaves the site
        beside its place, for whoever puts it there together with the marts (`tribu.publication`).

    Returns
    -------
    pyarrow.Table
        One row per file of the site: ``page``, its path within the site, and ``size_bytes``.

    Raises
    ------
    TribuError
        As ``render_site``, and when the process does not run in a project.
    """
    places = find_places()
    reports = places.root / "reports"
    pseudonymise, is_staged = (
        str((meta or {}).get(setting, False)).lower() == "true" for setting in ("pseudonymise", "staged")
    )
    if is_staged:
        refuse_foreign(places.site, SITE_FOLDER)
    index = render_site(
        {name: table if isinstance(table, pa.Table) else table.to_arrow_table() for name, table in tables.items()},
        templates=reports / "templates",
        assets=reports / "assets",
        out_dir=staged_beside(places.site) if is_staged else places.site,
        languages=[read_language(reports / "locale", code) for code in LANGUAGES],
        pseudonym_key=pseudonym_key() if pseudonymise else None,
        dbt_docs=places.dbt_docs,
    )
    site = index.parent
    files = sorted(path for path in site.rglob("*") if path.is_file())
    return pa.table(
        {
            "page": pa.array([path.relative_to(site).as_posix() for path in files], pa.string()),
            "size_bytes": pa.array([path.stat().st_size for path in files], pa.int64()),
        }
    )
