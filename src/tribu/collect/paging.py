"""Paginators: a guard for all of them, and the one that dlt does not have."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from dlt.sources.helpers.rest_client.paginators import BasePaginator
from requests import Request, Response

from tribu.collect.transport import NetworkError


class Guarded(BasePaginator):
    """Another paginator that ends: a cursor that comes back, or pages without end, are faults of the server.

    Parameters
    ----------
    inner
        Finds the next page.
    most
        Pages after which there is no end in sight.
    """

    def __init__(self, inner: BasePaginator, most: int) -> None:
        super().__init__()
        self._inner = inner
        self._most = most
        self._seen: set[str] = set()

    @property
    def has_next_page(self) -> bool:
        """Whether there is one more."""
        return bool(self._inner.has_next_page)

    def init_request(self, request: Request) -> None:
        """Prepare the first request."""
        self._inner.init_request(request)
        self._seen.add(_mark(request))

    def update_state(self, response: Response, data: list[Any] | None = None) -> None:
        """Read where the next page is."""
        self._inner.update_state(response, data)

    def update_request(self, request: Request) -> None:
        """Turn to the next page.

        Raises
        ------
        NetworkError
            When it was read before, or there have been too many.
        """
        if not self.has_next_page:
            return
        self._inner.update_request(request)
        mark = _mark(request)
        if mark in self._seen:
            raise NetworkError("the network gives a cursor that it has given before")
        if len(self._seen) >= self._most:
            raise NetworkError(f"the network gives more than {self._most} pages, and no end")
        self._seen.add(mark)


def _mark(request: Request) -> str:
    return json.dumps([request.url, request.params, request.json], sort_keys=True, default=str)


class CursorInFields(BasePaginator):
    """Meta's field expansion: the cursor of an inner list stands inside the parameter ``fields`` itself.

    Parameters
    ----------
    fields
        Gives the parameter for a cursor, None for the first page.
    find
        Finds the next cursor in an answer, None at the end.
    """

    def __init__(self, fields: Callable[[str | None], str], find: Callable[[Any], str | None]) -> None:
        super().__init__()
        self._fields = fields
        self._find = find
        self._cursor: str | None = None

    def init_request(self, request: Request) -> None:
        """Ask for the first page."""
        request.params["fields"] = self._fields(None)

    def update_state(self, response: Response, data: list[Any] | None = None) -> None:
        """Read the cursor."""
        self._cursor = self._find(response.json())
        self._has_next_page = self._cursor is not None

    def update_request(self, request: Request) -> None:
        """Put the cursor where Meta reads it."""
        if self._cursor is not None:
            request.params["fields"] = self._fields(self._cursor)
