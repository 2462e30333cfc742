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
@click.option(
    "--lang",
    "codes",
    metavar="CODES",
    default="en,fr",
    show_default=True,
    help="Languages of the pages; the first stands at the root of the site.",
)
@click.option(
    "--pseudonymise",
    is_flag=True,
    help="Put pseudonyms in the place of names, handles, links and keys, and round the figures of single influencers. "
    "They stay the same from one rendering to the next with a secret in TRIBU_PSEUDONYM_KEY, and only with it.",
)
def report_command(out: Path | None, codes: str, pseudonymise: bool) -> None:
    """Render the site again; reads the warehouse and changes nothing in it.

    Prints the path of its first page.
    """
    from tribu.project import find_places
    from tribu.report import render_site
    from tribu.report.data import TABLES
    from tribu.report.language import LANGUAGES, read_language
    from tribu.report.pseudonyms import pseudonym_key
    from tribu.warehouse import read_report_tables

    asked = [code.strip() for code in codes.split(",")]
    if len(set(asked)) < len(asked) or not set(asked) <= set(LANGUAGES):
        raise click.BadParameter(
            f"expected some of {', '.join(LANGUAGES)}, each once and with commas between them; got {codes!r}",
            param_hint="--lang",
        )
    places = find_places()
    languages = [read_language(places.root / "reports" / "locale", code) for code in asked]
    tables = read_report_tables(places.warehouse, TABLES)
    index = render_site(
        tables,
        templates=places.root / "reports" / "templates",
        assets=places.root / "reports" / "assets",
        out_dir=(out or places.site).absolute(),
        languages=languages,
        pseudonym_key=pseudonym_key() if pseudonymise else None,
        dbt_docs=places.dbt_docs,
    )
    click.echo(str(index))
