"""`tribu publish`: the marts in a file of their own."""

from __future__ import annotations

import click


@click.command("publish")
def publish_command() -> None:
    """Copy the marts of the last whole build to a file that can be read while the next one runs.

    Every build that ends well does so itself; run this after TRIBU_PUBLISHED has changed or the file was lost. The file
    is replaced at once: who has it open keeps the old one. Marts of another build than the site are refused. For
    DuckDB; on Spark the marts are read where Spark keeps them.

    Prints the path of the file.
    """
    from tribu.project import find_places
    from tribu.publication import commit, stage_marts, writing
    from tribu.warehouse import open_warehouse, read_finished_build

    places = find_places()
    with writing(places), open_warehouse(places.warehouse) as connection:
        read_finished_build(connection, places.warehouse)
        published = stage_marts(connection, places)
        commit(places, marts=True, site=False)
    click.echo(str(places.published))
    click.echo(f"{published.tables} marts of build {published.build_id}, {published.size_bytes:,} bytes", err=True)
