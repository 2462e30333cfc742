"""`tribu import`: files into landing."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tribu.cli.output import aligned_table, as_json
from tribu.cli.progress import ProgressLine

if TYPE_CHECKING:
    from tribu.landing.importing import ImportResult

_COUNTS = ("read", "landed", "duplicate", "rejected", "forgotten")


def _iso_date(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None:
        try:
            datetime.fromisoformat(value)
        except ValueError:
            raise click.BadParameter(f"{value!r} is no ISO date; write for example 2022-06-01") from None
    return value


def _platform(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and not value.strip():
        raise click.BadParameter("it is empty; write for example instagram")
    return value.strip().lower() if value is not None else None


@click.command("import")
@click.argument("files", metavar="FILE...", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--mapping",
    metavar="NAME_OR_PATH",
    help="How to read the columns: a mapping that ships with Tribu, or a YAML file. Default: the one that fits.",
)
@click.option("--platform", callback=_platform, help="The platform of every account or post, such as instagram.")
@click.option("--observed-at", metavar="DATE", callback=_iso_date, help="When the numbers were true (ISO date).")
@click.option("--replace", "again", is_flag=True, help="Land files anew that were imported before.")
@click.option("--accept", is_flag=True, help="Land files although their values speak against the mapping.")
@click.option("--with-sensitive", is_flag=True, help="Land sensitive columns (gender, e-mail, …) in `extra` too.")
@click.option(
    "--retry-rejects",
    "retry",
    is_flag=True,
    help="Read rejected records again from the text that landing kept of them; FILE then names imported files.",
)
@click.option("--json", "as_data", is_flag=True, help="Print the counts as JSON.")
def import_command(
    files: tuple[Path, ...],
    mapping: str | None,
    platform: str | None,
    observed_at: str | None,
    again: bool,
    accept: bool,
    with_sensitive: bool,
    retry: bool,
    as_data: bool,
) -> None:
    """Read exports into landing: CSV and TSV, Excel workbooks, JSON and Parquet, packed with gzip or ZIP or not.

    FILE may be a folder: the data files in it and below are imported. All files land, or none does. A file whose
    headers are landing columns needs no mapping. Every record is landed, a duplicate of one that is, or rejected (kept
    with its line and reason); the counts of each file add up. After a better mapping, --retry-rejects reads what was
    rejected again, without the files.
    """
    from tribu.landing.importing import import_files
    from tribu.landing.retrying import retry_rejects
    from tribu.project import find_places

    if not files and not retry:
        raise click.UsageError("Missing argument 'FILE...'.")
    if again and retry:
        raise click.UsageError("--replace reads files, --retry-rejects what was rejected of them: give one of the two.")
    landing = find_places().landing
    with ProgressLine() as progress:

        def say(message: str) -> None:
            progress.clear()
            click.echo(message, err=True)

        if retry:
            result = retry_rejects(
                landing,
                [str(file) for file in files],
                mapping=mapping,
                platform=platform,
                observed_at=observed_at,
                accept=accept,
                with_sensitive=with_sensitive,
                say=say,
                progress=progress,
            )
        else:
            result = import_files(
                landing,
                files,
                mapping=mapping,
                platform=platform,
                observed_at=observed_at,
                again=again,
                accept=accept,
                with_sensitive=with_sensitive,
                say=say,
                progress=progress,
            )
    click.echo(_json(result, landing) if as_data else _table(result))
    if result.batch_id is None:
        click.echo("nothing new to land", err=True)
    else:
        click.echo(f"landed in {landing} as batch {result.batch_id}", err=True)


def _table(result: ImportResult) -> str:
    # Where nobody was forgotten, which is nearly everywhere, a column of noughts would only raise questions.
    counts = _COUNTS if any(one.forgotten for one in result.outcomes) else _COUNTS[:-1]
    rows: list[list[str | int]] = [
        [one.file, one.table, one.mapping, *(getattr(one, name) for name in counts)] for one in result.outcomes
    ]
    total = [sum(getattr(one, name) for one in result.outcomes) for name in counts]
    rows.append(["total", "", "", *total])
    return aligned_table(["file", "table", "mapping", *counts], rows)


def _json(result: ImportResult, landing: Path) -> str:
    names = ("file", "table", "mapping", *_COUNTS)
    return as_json(
        {
            "landing": str(landing),
            "batch_id": result.batch_id,
            "files": [{name: getattr(one, name) for name in names} for one in result.outcomes],
            "total": {name: sum(getattr(one, name) for one in result.outcomes) for name in _COUNTS},
        }
    )
