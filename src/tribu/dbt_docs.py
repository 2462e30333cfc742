"""dbt's own documentation of the project as one page that asks nobody for anything.

dbt writes it (``dbt docs generate --static``) with every script and style within. What is added here is a policy that
refuses any request, and what is taken out is the place of the project on this machine.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tribu.errors import ProjectError, WarehouseError
from tribu.project import Places

POLICY: Final = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "base-uri 'none'; form-action 'none'"
)
"""What the page may do: run what stands in it, and load nothing."""

_START: Final = '<head><meta charset="utf-8">'
# The template of dbt leaves an address here that nothing fills in.
_ICON: Final = re.compile(r'<link rel="(?:shortcut icon|canonical)"[^>]*>')


def write_dbt_docs(places: Places) -> Path:
    """Let dbt document the project and the warehouse as it stands.

    Parameters
    ----------
    places
        Where the project and its warehouse are. No build may run: dbt asks the warehouse for its columns.

    Returns
    -------
    Path
        The page, beside the warehouse; every site that is rendered from now on has it among its downloads.

    Raises
    ------
    WarehouseError
        When there is no warehouse, or dbt cannot read it.
    ProjectError
        When the page that dbt wrote is another one than expected.
    """
    if not places.warehouse.is_file():
        raise WarehouseError(
            expected="a warehouse that was built", got=f"no file {places.warehouse}", remedy="run `dbt build` first"
        )
    with tempfile.TemporaryDirectory() as folder:
        # Without compiling: what a query reads on the way to its SQL takes longer than all the rest, and names places
        # of this machine. dbt then takes the project as it was parsed.
        _run_dbt(places.root, folder, "parse")
        _run_dbt(places.root, folder, "docs", "generate", "--static", "--no-compile")
        page = Path(folder) / "static_index.html"
        text = self_contained(page.read_text(encoding="utf-8"), places.root)
    places.dbt_docs.write_text(text, encoding="utf-8")
    return places.dbt_docs


def _run_dbt(root: Path, folder: str, *arguments: str) -> None:
    done = subprocess.run(  # noqa: S603 - our own command, without a shell
        [
            str(Path(sys.executable).with_name("dbt")),
            "--no-use-colors",
            *arguments,
            *("--target-path", folder, "--log-path", folder),
        ],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        said = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        raise WarehouseError(
            expected="a documentation by dbt",
            got=said[-1] if said else f"exit code {done.returncode} of dbt",
            remedy="wait for a build that runs, or run `dbt docs generate --static` to see what it says",
        )


def self_contained(text: str, root: Path) -> str:
    """Give a page of dbt the policy of loading nothing, and take the place of the project out of it.

    Parameters
    ----------
    text
        What ``dbt docs generate --static`` wrote.
    root
        The folder of the project, as dbt names it.

    Returns
    -------
    str
        The page.

    Raises
    ------
    ProjectError
        When the page does not begin as dbt's does: the policy has to stand before anything that loads.
    """
    if text.count(_START) != 1:
        raise ProjectError(
            expected=f"a page of dbt with {_START!r} once",
            got=f"{text.count(_START)} times",
            remedy="install the locked requirements again (`make build`)",
        )
    policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    head, body = text.split("</head>", 1)
    head = _ICON.sub("", head.replace(_START, _START + policy))
    # as it stands in JSON: without the quotation marks
    return f"{head}</head>{body}".replace(json.dumps(str(root))[1:-1], ".")
