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

    In the project's own place, a site of another build than the published marts takes these along (`tribu publish`).
    Prints the path of its first page.
    """
    from contextlib import nullcontext

    from tribu.folders import refuse_foreign, staged_beside
    from tribu.project import find_places
    from tribu.publication import commit, published_build_id, read_build_id, stage_marts, writing
    from tribu.report import render_site
    from tribu.report.data import TABLES
    from tribu.report.language import LANGUAGES, read_language
    from tribu.report.pseudonyms import pseudonym_key
    from tribu.report.site import SITE_FOLDER
    from tribu.warehouse import open_warehouse, read_finished_build, read_tables

    asked = [code.strip() for code in codes.split(",")]
    if len(set(asked)) < len(asked) or not set(asked) <= set(LANGUAGES):
        raise click.BadParameter(
            f"expected some of {', '.join(LANGUAGES)}, each once and with commas between them; got {codes!r}",
            param_hint="--lang",
        )
    places = find_places()
    languages = [read_language(places.root / "reports" / "locale", code) for code in asked]
    target = (out or places.site).absolute()
    is_own = target.resolve() == places.site.resolve()
    with (
        writing(places) if is_own and places.warehouse.is_file() else nullcontext(),
        open_warehouse(places.warehouse) as connection,
    ):
        if is_own:
            read_finished_build(connection, places.warehouse)
            refuse_foreign(target, SITE_FOLDER)
        index = render_site(
            read_tables(connection, places.warehouse, TABLES),
            templates=places.root / "reports" / "templates",
            assets=places.root / "reports" / "assets",
            out_dir=staged_beside(target) if is_own else target,
            languages=languages,
            pseudonym_key=pseudonym_key() if pseudonymise else None,
            dbt_docs=places.dbt_docs,
        )
        if is_own:
            is_new = published_build_id(places.published) != read_build_id(connection, places.warehouse)
            if is_new:
                stage_marts(connection, places)
            commit(places, marts=is_new, site=True)
            index = target / "index.html"
    click.echo(str(index))
