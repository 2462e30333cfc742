"""`tribu report`: the site again, from the warehouse as it stands."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("report")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to write to; by default that of the project (TRIBU_SITE, else reports/site).",
)
def report_command(out: Path | None) -> None:
    """Render the site again; reads the warehouse and changes nothing in it.

    Prints the path of its first page.
    """
    from tribu.project import find_places
    from tribu.report import render_site
    from tribu.report.data import TABLES
    from tribu.warehouse import read_report_tables

    places = find_places()
    tables = read_report_tables(places.warehouse, TABLES)
    index = render_site(
        tables,
        templates=places.root / "reports" / "templates",
        assets=places.root / "reports" / "assets",
        out_dir=(out or places.site).absolute(),
    )
    click.echo(str(index))
