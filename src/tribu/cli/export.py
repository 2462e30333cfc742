"""`tribu export`: files for other tools."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from tribu.cli.output import aligned_table, as_json


@click.command("export")
@click.argument("form", metavar="(evidence|parquet|csv)", type=click.Choice(["evidence", "parquet", "csv"]))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--lang", type=click.Choice(["en", "fr"]), help="Language of the pages of evidence; by default en.")
@click.option("--json", "as_data", is_flag=True, help="Print what was written as JSON.")
def export_command(
    form: Literal["evidence", "parquet", "csv"], folder: Path, lang: Literal["en", "fr"] | None, as_data: bool
) -> None:
    """Write files for other tools into DIR; reads the warehouse and changes nothing in it.

    parquet and csv write every mart as one file, with a data dictionary. In CSV, texts that a spreadsheet would run as
    a formula are defused. evidence writes a project for Evidence, the classic line 40.x.

    DIR is new, empty, or an earlier export of the same form, which is replaced as a whole. Prints the tables written.
    """
    from tribu.project import find_places

    if lang is not None and form != "evidence":
        raise click.UsageError(f"--lang is for evidence; the tables of {form} hold both languages.")
    places = find_places()
    folder = folder.absolute()
    if form == "evidence":
        from tribu.export.evidence.project import write_evidence_project
        from tribu.export.evidence.reading import read_evidence_tables
        from tribu.export.evidence.words import read_words

        templates = places.root / "reports" / "evidence"
        words = read_words(templates, lang or "en")
        tables, origin = read_evidence_tables(places.warehouse)
        rows = write_evidence_project(tables, origin, folder, templates=templates, words=words)
        written = [(f"data/{name}.parquet", count) for name, count in rows.items()]
    else:
        from tribu.export.marts import export_marts

        written = [(one.file, one.rows) for one in export_marts(places.warehouse, folder, form)]
    if as_data:
        click.echo(as_json({"folder": str(folder), "files": [{"file": file, "rows": rows} for file, rows in written]}))
    else:
        click.echo(aligned_table(["file", "rows"], written))
    click.echo(f"written to {folder}; its README says what the files are", err=True)
