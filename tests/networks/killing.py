"""kill -9 in each stage of a run: a process that dies at a place of our choosing, for the tests and for the figures in the docs."""

from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.networks.bluesky import BlueskyServer, Person


@dataclass(frozen=True)
class Stage:
    """Where the process dies.

    `call` counts calls of `place` from the start of the run; `whole` tells whether the slice in which it dies had been fetched whole, and is
    not fetched again.
    """

    name: str
    place: str
    whole: bool = True
    call: int = 2


SLICE = 10
# All in the second slice of three. The fifteenth account is in its middle; a run is written when it begins and after each slice.
STAGES = (
    Stage("fetching", "tribu.collect.extraction:_account", whole=False, call=15),
    Stage("normalising", "dlt.normalize.normalize:Normalize.spool_schema_files"),
    Stage("loading", "dlt.load.load:Load.load_single_package"),
    Stage("ending the load", "dlt.load.load:Load.complete_package"),
    Stage("before landing", "tribu.collect.collecting:land_slice"),
    Stage("before the commit", "tribu.landing.store:BatchWriter.commit"),
    Stage("within the commit", "tribu.landing.store:_finish"),
    Stage("after landing", "tribu.collect.collecting:write_run", call=3),
)

_DYING = """
import importlib, os, signal, sys
from pathlib import Path
from tribu.collect.collecting import collect, open_network
landing, url, place, call, size = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
module, _, names = place.partition(":")
owner = importlib.import_module(module)
*path, name = names.split(".")
for step in path:
    owner = getattr(owner, step)
true, seen = getattr(owner, name), []
def dying(*arguments, **options):
    seen.append(1)
    if len(seen) == call:
        os.kill(os.getpid(), signal.SIGKILL)
    return true(*arguments, **options)
setattr(owner, name, dying)
collect(Path(landing), open_network("bluesky", url), sys.argv[6:], posts=200, slice_size=size)
"""


def three_slices() -> BlueskyServer:
    """A server of thirty people, which are three slices."""
    return BlueskyServer([Person(number, f"person{number}.test", posts=1 + number % 4) for number in range(1, 31)])


def killed(folder: Path, server: BlueskyServer, stage: Stage) -> None:
    """Collect everybody of a server into the folder's landing, in a process that kills itself at the stage."""
    names = [one.handle for one in server.people]
    where = [str(folder / "landing"), server.url, stage.place, str(stage.call), str(SLICE)]
    dead = subprocess.run([sys.executable, "-c", _DYING, *where, *names], capture_output=True, text=True, check=False)
    assert dead.returncode == -signal.SIGKILL, dead.stderr
