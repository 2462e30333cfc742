"""`tribu status`: what is landed, what was built last, what is published, and who holds what."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import click

from tribu.cli.output import as_json
from tribu.wording import counted


@click.command("status")
@click.option("--json", "as_data", is_flag=True, help="Print it as JSON.")
def status_command(as_data: bool) -> None:
    """Say what is landed, what the last build made of it, what is published, and what is locked.

    Finishes what a killed process had begun to publish.
    """
    from tribu.collect.runs import COMPLETE, read_runs
    from tribu.errors import WarehouseError
    from tribu.landing.store import check_landing, read_ledger
    from tribu.privacy.retention import expired_records, read_retention
    from tribu.project import find_places
    from tribu.publication import is_interrupted, published_build_id, writing
    from tribu.warehouse import LastBuild, last_build

    places = find_places()
    ledger = read_ledger(places.landing) if check_landing(places.landing) else []
    build: LastBuild | None = None
    problem: str | None = None
    try:
        build = last_build(places.warehouse) if places.warehouse.exists() else None
    except WarehouseError as error:
        # a locked or foreign warehouse is an answer here, not a failure
        problem = error.got
    retention = read_retention(places.root)
    expired = expired_records(places.landing, retention, datetime.now(UTC).replace(tzinfo=None))
    if is_interrupted(places):
        # somebody at work finishes it, or has just begun it
        with suppress(WarehouseError), writing(places, wait=0):
            pass
    published_id = published_build_id(places.published)
    incomplete = [run for run in read_runs(places.landing) if run.status != COMPLETE]
    index = places.site / "index.html"
    files, batches = {entry.sha256 for entry in ledger}, {entry.batch_id for entry in ledger}
    rows = sum(entry.rows_landed for entry in ledger)
    landed = {
        "folder": str(places.landing),
        "files": len(files),
        "imports": len(batches),
        "rows_landed": rows,
        "expired_records": sum(expired.values()),
        "last_import_at": max((entry.landed_at for entry in ledger), default=None),
        "incomplete_runs": [
            {
                "run_id": run.run_id,
                "platform": run.platform,
                "started_at": run.started_at,
                "accounts_asked": run.accounts_asked,
                "accounts_missing": run.missing,
                "reason": run.reason or "cut off, or still at work",
            }
            for run in incomplete
        ],
    }
    warehouse = {"file": str(places.warehouse), "last_build": build, "problem": problem}
    if as_data:
        site = str(index) if index.is_file() else None
        published = {"file": str(places.published), "build_id": published_id}
        click.echo(as_json({"landing": landed, "warehouse": warehouse, "published": published, "site": site}))
        return
    if ledger:
        click.echo(
            f"landing    {places.landing}: {counted(rows, 'row')} from {counted(len(files), 'file')}"
            f" in {counted(len(batches), 'import')}, the last {landed['last_import_at']:%Y-%m-%d %H:%M} UTC"
        )
    else:
        click.echo(f"landing    {places.landing}: nothing landed; a build uses the synthetic sample")
    for run in incomplete:
        click.echo(
            f"incomplete {run.platform} of {run.started_at:%Y-%m-%d %H:%M} UTC: {run.missing:,} of"
            f" {counted(run.accounts_asked, 'account')} missing ({run.reason or 'cut off, or still at work'});"
            f" tribu collect {run.platform} --resume --url {run.url}"
        )
    for platform in sorted({platform for platform, _ in expired}):
        records = sum(count for (one, _), count in expired.items() if one == platform)
        click.echo(
            f"expired    {platform}: {counted(records, 'record')} landed more than {retention[platform]} days ago,"
            " longer than its terms allow; tribu expire"
        )
    if build is not None:
        origin = "the synthetic sample" if build["source_kind"] == "sample" else "what was landed"
        click.echo(
            f"warehouse  {places.warehouse}: {counted(build['influencers'], 'influencer')} in"
            f" {counted(build['clusters'], 'cluster')}"
            f" from {origin}, built {build['built_at']:%Y-%m-%d %H:%M} UTC"
        )
    else:
        click.echo(f"warehouse  {places.warehouse}: {problem or 'no finished build; run dbt build'}")
    click.echo(f"published  {places.published if published_id else 'nothing yet'}")
    click.echo(f"site       {index if index.is_file() else 'not rendered yet'}")
