"""What a page does behind its face: errors, dialogs, and every request that it makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Request, WebError

# Plotly reports what it could not do as a trace; warnings are the graphics driver's remarks on its own speed.
_LOUD = frozenset({"error", "assert", "trace"})


@dataclass
class Watch:
    """Listens to every page of a context.

    Parameters
    ----------
    allowed
        Beginnings of the addresses that may be asked for; ``data:`` and ``blob:`` never leave the page.
    """

    allowed: Sequence[str]
    findings: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def listen(self, context: BrowserContext) -> None:
        """Hear everything from now on."""
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("dialog", self._dialog)
        context.on("request", self._request)
        context.on("requestfailed", self._failed)

    @property
    def leaving(self) -> list[str]:
        """Requests to anywhere else than the site."""
        inside = (*self.allowed, "data:", "blob:")
        return [url for url in self.requests if not url.startswith(inside)]

    def assert_quiet(self) -> None:
        """Nothing was said, nothing was asked of anyone."""
        assert self.findings == []
        assert self.leaving == []

    def _console(self, message: ConsoleMessage) -> None:
        # A violation of the content security policy is a console error too.
        if message.type in _LOUD:
            self.findings.append(f"{_address(message)} console {message.type}: {message.text[:400]}")

    def _error(self, error: WebError) -> None:
        self.findings.append(f"uncaught: {error.error}")

    def _dialog(self, dialog: Dialog) -> None:
        self.findings.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, request: Request) -> None:
        self.requests.append(request.url)

    def _failed(self, request: Request) -> None:
        # A page that is left while it loads aborts what is under way; a download is no page.
        if request.failure not in {"net::ERR_ABORTED"}:
            self.findings.append(f"failed: {request.url}: {request.failure}")


def _address(message: ConsoleMessage) -> str:
    return message.page.url if message.page is not None else ""
