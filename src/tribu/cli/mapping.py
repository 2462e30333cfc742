"""`tribu mapping`: the mappings that ship."""

from __future__ import annotations

import click

from tribu.cli.output import aligned_table, as_json


@click.group("mapping")
def mapping_group() -> None:
    """Mappings: how the columns of known exports become landing columns."""


@mapping_group.command("list")
@click.option("--json", "as_data", is_flag=True, help="Print them as JSON, with the headers that each variant fits.")
def list_command(as_data: bool) -> None:
    """List the mappings that ship with Tribu."""
    from tribu.landing.catalog import shipped_mappings

    mappings = shipped_mappings()
    if as_data:
        click.echo(
            as_json(
                [
                    {
                        "name": mapping.name,
                        "title": mapping.title,
                        "variants": [
                            {
                                "name": variant.name,
                                "tables": [table.table for table in variant.tables],
                                "headers": list(variant.headers),
                            }
                            for variant in mapping.variants
                        ],
                    }
                    for mapping in mappings
                ]
            )
        )
        return
    rows: list[list[str | int]] = []
    for mapping in mappings:
        tables = sorted({table.table for variant in mapping.variants for table in variant.tables})
        rows.append([mapping.name, len(mapping.variants), ", ".join(tables), mapping.title])
    click.echo(aligned_table(["name", "variants", "tables", "title"], rows))
