"""`tribu forget`: a person out of everything that Tribu keeps."""

from __future__ import annotations

import os
from contextlib import nullcontext
from pathlib import Path

import click

from tribu.cli.output import aligned_table
from tribu.wording import counted


@click.command("forget")
@click.argument("name", metavar="HANDLE_OR_ID")
@click.option("--platform", required=True, metavar="PLATFORM", help="The platform of the account, such as instagram.")
@click.option(
    "--export",
    "exports",
    multiple=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="A folder that `tribu export` or `tribu report` wrote elsewhere; removed if it names the person. Repeatable.",
)
@click.option("--dry-run", is_flag=True, help="Say what would go, and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def forget_command(name: str, platform: str, exports: tuple[Path, ...], dry_run: bool, yes: bool) -> None:
    """Remove an account from landing, warehouse, published marts, models, site and exports, bytes included.

    All handles of the same account go; other accounts of the same person are named and stay. A keyed hash remains, so
    that no import or collection brings the account back, and an audit row that names nobody. Rows of others that name
    the account leave the warehouse and the published marts until the next build. No build, report or import works
    meanwhile. A call that was cut off is finished by a second one.
    """
    from tribu.privacy.forgetting import Targets, find, forget
    from tribu.project import find_places
    from tribu.publication import writing

    places = find_places()
    targets = Targets(
        root=places.root,
        landing=places.landing,
        databases=(places.warehouse, places.published),
        models=places.models,
        folders=(places.site, *(folder.absolute() for folder in exports)),
        work=(
            places.root / os.environ.get("DBT_TARGET_PATH", "target"),
            places.root / os.environ.get("DBT_LOG_PATH", "logs"),
        ),
    )
    # From the search on: a build that read landing before would bring the account back.
    with nullcontext() if dry_run else writing(places):
        findings = find(targets, platform, name)
        if not findings.empty:
            click.echo(aligned_table(["where", "rows"], [[table, count] for table, count in findings.rows.items()]))
            for path in findings.files:
                click.echo(f"names the account: {path}")
        for other_platform, other in findings.linked:
            click.echo(f"taken for the same person's, stays: {other} on {other_platform}", err=True)
        for place in findings.own:
            click.echo(f"names the account and is yours to edit: {place}", err=True)
        if dry_run:
            click.echo("nothing was changed", err=True)
            return
        if not findings.empty and not yes:
            click.confirm(f"Forget this account of {findings.person.platform} for good?", abort=True, err=True)
        forget(targets, findings)
        done = "forgotten" if not findings.empty else "forgotten before; nothing was left"
        handles = counted(len(findings.person.names), "handle and id").replace("handle and ids", "handles and ids")
        click.echo(f"{done}: {handles}; `dbt build` makes marts and site anew", err=True)
