"""A rendered site, the pages that are found in it, and the two ways people open it."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# A site may have hundreds of pages of people; of each folder this many are opened, evenly spread.
MOST_PER_FOLDER = 12


@dataclass(frozen=True)
class Site:
    """A folder of pages."""

    folder: Path

    @property
    def pages(self) -> tuple[str, ...]:
        """Paths of the pages to open, found in the folder: nobody has to name a new page here."""
        folders: dict[Path, list[str]] = {}
        for path in sorted(self.folder.rglob("*.html")):
            place = path.relative_to(self.folder)
            if place.name == "dbt-docs.html":  # dbt's page and not ours; it has a policy of its own
                continue
            folders.setdefault(place.parent, []).append(place.as_posix())
        return tuple(page for pages in folders.values() for page in _spread(pages, MOST_PER_FOLDER))

    @property
    def cluster_page(self) -> str:
        """A page with sortable tables."""
        return next(page for page in self.pages if page.startswith("clusters/"))


@dataclass(frozen=True)
class Opened:
    """A site at an address."""

    site: Site
    base: str

    def url(self, page: str) -> str:
        """Address of a page."""
        return f"{self.base}/{page}"


def _spread(pages: list[str], most: int) -> list[str]:
    if len(pages) <= most:
        return pages
    return [pages[round(place * (len(pages) - 1) / (most - 1))] for place in range(most)]


class _Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves one folder below a path of two parts, as a page host of a team would."""

    prefix = "/reports/today"

    def translate_path(self, path: str) -> str:
        if not path.startswith(self.prefix + "/"):
            return str(Path(self.directory) / "no such file")
        return super().translate_path(path.removeprefix(self.prefix))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        pass


@contextmanager
def served(site: Site) -> Iterator[Opened]:
    """Serve a site on the loopback interface, below a sub-path."""
    handler = functools.partial(_Quiet, directory=str(site.folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield Opened(site, f"http://127.0.0.1:{server.server_address[1]}{_Quiet.prefix}")
        finally:
            server.shutdown()


def from_disk(site: Site) -> Opened:
    """Open a site without any server."""
    return Opened(site, site.folder.resolve().as_uri())
