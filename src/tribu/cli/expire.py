"""`tribu expire`: what a network's terms do not let anybody keep any longer."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime

import click

from tribu.cli.output import aligned_table


@click.command("expire")
@click.option("--dry-run", is_flag=True, help="Say what would go, and change nothing.")
def expire_command(dry_run: bool) -> None:
    """Remove what was collected longer ago than the terms of its network allow.

    The var `retention_days` says how many days for which platform. What was collected again since stays, as the newer
    record. Imported files are not bound by it. Run it before `dbt build`, as often as you build.
    """
    from tribu.privacy.retention import expire, expired_records, read_retention
    from tribu.project import find_places
    from tribu.publication import writing

    places = find_places()
    retention = read_retention(places.root)
    now = datetime.now(UTC).replace(tzinfo=None)
    # no build reads landing meanwhile
    with nullcontext() if dry_run else writing(places):
        found = (expired_records if dry_run else expire)(places.landing, retention, now)
    if not found:
        click.echo("nothing is older than the terms of its network allow", err=True)
        return
    rows: list[list[str | int]] = [
        [platform, table, retention[platform], count] for (platform, table), count in found.items()
    ]
    click.echo(aligned_table(["platform", "table", "days", "records"], rows))
    done = "nothing was changed" if dry_run else "removed from landing; `dbt build` makes warehouse and site without it"
    click.echo(done, err=True)
