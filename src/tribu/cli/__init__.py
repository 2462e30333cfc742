"""The `tribu` command. One module per group of commands; a new one is added to the group below.

What takes time to import (DuckDB, Arrow, Plotly, …) is imported inside the command that needs it.
"""

from __future__ import annotations

import sys
from typing import NoReturn

import click

from tribu.cli.collect import collect_command
from tribu.cli.docs import docs_command
from tribu.cli.expire import expire_command
from tribu.cli.export import export_command
from tribu.cli.forget import forget_command
from tribu.cli.importing import import_command
from tribu.cli.mapping import mapping_group
from tribu.cli.publish import publish_command
from tribu.cli.report import report_command
from tribu.cli.status import status_command
from tribu.errors import TribuError, disk_error

EXIT_CODES = """\b
Exit codes:
  0   done
  1   a fault of Tribu itself
  2   a command line that does not parse
  3   an input file: missing, empty, binary, locked, in another encoding
  4   a mapping: unknown, invalid, or fitting no file
  5   the landing folder: from elsewhere, damaged, or in use
  6   the warehouse: absent, in use, unfinished, or built by something else
  7   not inside a Tribu project
  8   a table without the columns that the library needs
  9   a place that the site, the published marts or an export cannot be written to
  10  an accepted model: absent, damaged, of other features, or not to be written
  11  a network that cannot be asked: no token, no run to go on with
  12  a collection that is incomplete; what came is landed
  13  a person to be forgotten: nobody found, or not one account
  14  a disk that is full, or may not be written
"""


@click.group(epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tribu", prog_name="tribu")
def cli() -> None:
    """Turn messy lists of influencers into clusters that can be trusted, queried and shared.

    Data goes to standard output, remarks to standard error.
    """


cli.add_command(collect_command)
cli.add_command(docs_command)
cli.add_command(expire_command)
cli.add_command(export_command)
cli.add_command(forget_command)
cli.add_command(import_command)
cli.add_command(mapping_group)
cli.add_command(publish_command)
cli.add_command(report_command)
cli.add_command(status_command)


def main() -> None:
    """Run the command line; an error that the user can act on becomes one line and its exit code."""
    try:
        cli(prog_name="tribu")
    except TribuError as error:
        _stop(error)
    except Exception as error:
        # A disk can fail at any write; all else is a fault of ours, and its trace says where.
        if (told := disk_error(error)) is None:
            raise
        _stop(told)


def _stop(error: TribuError) -> NoReturn:
    click.echo(f"tribu: error: {error}", err=True)
    sys.exit(error.exit_code)
