"""`tribu docs`: dbt's documentation among the downloads of the site."""

from __future__ import annotations

import click


@click.command("docs")
@click.pass_context
def docs_command(context: click.Context) -> None:
    """Add dbt's own documentation of the project to the site, as one page.

    Takes half a minute, so a build does not: run it when models have changed. Renders the site again, as
    `tribu report` does. The page stays in the sites of later builds. Prints its path.
    """
    from tribu.cli.report import report_command
    from tribu.dbt_docs import write_dbt_docs
    from tribu.project import find_places
    from tribu.report.sql_page import DOCS_FILE

    places = find_places()
    write_dbt_docs(places)
    context.invoke(report_command, out=None, codes="en,fr", pseudonymise=False)
    click.echo(str(places.site / DOCS_FILE))
