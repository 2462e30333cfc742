"""`tribu mapping`: the mappings that ship, and drafts of new ones."""

from __future__ import annotations

from pathlib import Path

import click

from tribu.cli.output import aligned_table, as_json
from tribu.errors import MappingError


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


@mapping_group.command("draft")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--out", metavar="PATH", type=click.Path(path_type=Path), help="Write the mapping there, to a new file.")
@click.option(
    "--only",
    metavar="NAME",
    help="The file of an archive, or the sheet of a workbook. Default: the first file, the widest sheet.",
)
@click.option("--json", "as_data", is_flag=True, help="Print the draft as JSON, columns with confidence and values.")
def draft_command(file: Path, out: Path | None, only: str | None, as_data: bool) -> None:
    """Draft a mapping for an unknown export of any kind that `tribu import` reads.

    The columns are told by their headers and by a sample of their values. What the draft is unsure of stands under
    `unsettled`, and `tribu import` refuses the mapping until those lines are gone.
    """
    from tribu.landing.drafting.draft import draft_mapping
    from tribu.landing.drafting.text import draft_data, draft_yaml

    if out is not None and out.exists():
        # A mapping there may be settled by now: hours of somebody's work.
        raise MappingError(
            expected="a new file for the draft", got=f"{out}, which exists", remedy="choose another name"
        )
    draft = draft_mapping(file, only)
    text = draft_yaml(draft)
    if out is not None:
        try:
            out.write_text(text, encoding="utf-8")
        except OSError as error:
            raise MappingError(
                expected=f"a mapping written to {out}", got=error.strerror or str(error), remedy="choose another place"
            ) from error
    if as_data:
        click.echo(as_json(draft_data(draft)))
    elif out is None:
        click.echo(text, nl=False)
    if draft.sample.others:
        others = draft.sample.others
        shown = ", ".join(others[:5]) + (f" and {len(others) - 5} more" if len(others) > 5 else "")
        click.echo(f"drafted from {draft.file}; also there: {shown} (--only NAME drafts from one of them)", err=True)
    mapped = sum(column.column is not None for column in draft.columns)
    click.echo(f"{mapped} of {len(draft.columns)} columns mapped, {len(draft.unsettled)} to settle", err=True)
    for name, question in draft.unsettled.items():
        click.echo(f"  {name}: {question}", err=True)
    if sensitive := [column for column in draft.columns if column.sensitive]:
        named = ", ".join(f"{column.key} ({column.sensitive})" for column in sensitive)
        click.echo(f"sensitive, not landed unless asked for: {named}", err=True)
