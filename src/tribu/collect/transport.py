"""Requests: how long to wait, when to try again, and when an answer is none. The only place that speaks HTTP.

dlt's session tries again after 429, 5xx and broken connections, and waits as long as ``Retry-After`` says. The networks
mostly say it in other headers, and bodies can be slow, cut off or no JSON: the adapter here turns all of that into what
the session understands.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import urllib3
from dlt.sources.helpers.requests import Client
from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.paginators import BasePaginator
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from requests.exceptions import ConnectionError as BrokenConnection
from requests.exceptions import HTTPError as RefusedByServer
from requests.exceptions import RequestException

RESET_HEADERS: Final = ("ratelimit-reset", "x-ratelimit-reset", "x-rate-limit-reset")
"""Bluesky and Twitch, Mastodon, X: when the limit is lifted."""

_EPOCH: Final = 1_000_000_000
"""A number above this is a moment in seconds since 1970, one below it seconds from now."""


class NetworkError(Exception):
    """What one account could not be collected for; the run goes on with the next."""


class RunStoppedError(Exception):
    """Why the whole run has to stop: no quota, no permission, or nothing answers."""


class HttpError(NetworkError, RefusedByServer):
    """An answer that says no; of the kind that dlt's session tries again by its status.

    Attributes
    ----------
    status
        The HTTP status.
    payload
        What the body says as JSON, None when it is none.
    headers
        Of the answer.
    """

    def __init__(self, response: Response) -> None:
        self.status = response.status_code
        self.headers = response.headers
        self.payload = _json_or_none(response)
        super().__init__(f"the network answers {self.status}{_first_words(self.payload)}")
        self.response = response


@dataclass(frozen=True)
class Patience:
    """How long a run waits, in seconds, and how often it tries.

    Attributes
    ----------
    longest_wait
        A limit that is lifted later than this ends the run. 16 minutes: the windows of X have 15.
    attempts
        Requests that are sent for one answer at most.
    backoff
        The first wait where the answer names none; doubled every time.
    connect, read, whole
        For a connection, for the next bytes of a body, and for all of it.
    """

    longest_wait: float = 960.0
    attempts: int = 5
    backoff: float = 1.0
    connect: float = 10.0
    read: float = 30.0
    whole: float = 120.0
    largest_body: int = 64 << 20


@dataclass
class Traffic:
    """What was sent; ``retries`` are among the requests."""

    requests: int = 0
    retries: int = 0
    _last: PreparedRequest | None = field(default=None, repr=False)

    def count(self, request: PreparedRequest) -> None:
        """Take a request in; the same one again is a retry."""
        self.requests += 1
        self.retries += request is self._last
        self._last = request


def seconds_until_reset(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds from ``now`` until the limit is lifted by the reset headers of any network; None without one.

    Parameters
    ----------
    headers
        Of the answer; names in small letters, or of any case in a mapping that does not mind.
    """
    for name in RESET_HEADERS:
        text = headers.get(name, "").strip()
        try:
            seconds = float(text)
            if not math.isfinite(seconds):
                continue
            return max(0.0, seconds - now.timestamp() if seconds > _EPOCH else seconds)
        except ValueError:
            pass
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            continue
        return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds())
    return None


class PatientAdapter(HTTPAdapter):
    """Reads whole answers within a time, and says in ``Retry-After`` what networks say in other headers."""

    def __init__(self, patience: Patience, traffic: Traffic) -> None:
        self._patience = patience
        self._traffic = traffic
        super().__init__()

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        """Send a request and read the answer to its end.

        Raises
        ------
        requests.exceptions.ConnectionError
            When the answer is cut off, too slow, too large or no JSON: the session tries again.
        RunStoppedError
            When the limit is lifted later than anybody waits.
        """
        self._traffic.count(request)
        options["stream"] = True
        response = super().send(request, *args, **options)
        body = self._body(response)
        response._content = body
        response._content_consumed = True
        if response.ok and _json_or_none(response) is None:
            raise BrokenConnection("an answer that is no JSON")
        if response.status_code in (429, 503):
            self._say_how_long(response)
        return response

    def _body(self, response: Response) -> bytes:
        until = time.monotonic() + self._patience.whole
        chunks: list[bytes] = []
        size = 0
        try:
            # One piece as it comes: a larger read would wait for the rest of it, however slowly that trickles in.
            while chunk := response.raw.read1(1 << 16, decode_content=True):
                chunks.append(chunk)
                size += len(chunk)
                if time.monotonic() > until:
                    raise BrokenConnection(f"an answer that takes longer than {self._patience.whole:g} seconds")
                if size > self._patience.largest_body:
                    raise BrokenConnection(f"an answer of more than {self._patience.largest_body >> 20} MB")
        except BaseException as error:
            # Not back into the pool: what is left of this answer would be read as the answer to the next request.
            response.raw.close()
            if isinstance(error, BrokenConnection) or not isinstance(error, urllib3.exceptions.HTTPError | OSError):
                raise
            raise BrokenConnection(f"an answer that is cut off ({type(error).__name__})") from None
        response.raw.release_conn()
        return b"".join(chunks)

    def _say_how_long(self, response: Response) -> None:
        wait = _retry_after(response.headers, datetime.now(UTC))
        if wait is None:
            return
        if wait > self._patience.longest_wait:
            raise RunStoppedError(f"the rate limit is reached and lifted in {duration(wait)}")
        response.headers["Retry-After"] = str(max(1, math.ceil(wait)))


def _retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    from email.utils import parsedate_to_datetime

    text = headers.get("Retry-After", "").strip()
    if text.isdigit():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - now).total_seconds())
    except (ValueError, TypeError):
        return seconds_until_reset(headers, now)


def duration(seconds: float) -> str:
    """How long something takes, for people: ``40 s``, ``12 min``, ``3.5 h``."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


class HeaderAuth(AuthBase):
    """Sends a token as headers, never in an address, where it would be logged; also keeps ``.netrc`` out of it."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        self._headers = dict(headers)

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Put the headers on a request."""
        request.headers.update(self._headers)
        return request


@dataclass(frozen=True)
class Page:
    """One page: its items, and the whole answer."""

    items: list[Any]
    answer: Any


class Interface:
    """One network's interface: requests that wait, try again and count.

    Parameters
    ----------
    url
        What every path is added to.
    headers
        Tokens; nobody else sees them.
    explain
        Tells from a refusal why the whole run has to stop, or None when it is about one account.
    """

    def __init__(
        self,
        url: str,
        headers: Mapping[str, str],
        patience: Patience,
        explain: Callable[[HttpError], str | None] = lambda fault: None,
    ) -> None:
        self.traffic = Traffic()
        self._explain = explain
        session = Client(
            request_timeout=(patience.connect, patience.read),
            raise_for_status=False,
            request_max_attempts=patience.attempts,
            request_backoff_factor=patience.backoff,
            request_max_retry_delay=patience.longest_wait,
        ).session
        adapter = PatientAdapter(patience, self.traffic)
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        session.headers["User-Agent"] = "tribu (collects public profiles; see its documentation)"
        self._headers = dict(headers)
        self._client = RESTClient(url, auth=HeaderAuth(headers), session=session)

    def get(self, path: str, params: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Any:
        """The answer to one request; ``headers`` come on top, for a token of one account.

        Raises
        ------
        HttpError
            When the network says no.
        NetworkError
            When there is no whole answer after all attempts.
        RunStoppedError
            When there is no use in going on.
        """
        from dlt.sources.helpers.rest_client.paginators import SinglePagePaginator

        return next(self.pages(path, params, SinglePagePaginator(), "$", headers=headers)).answer

    def pages(
        self,
        path: str,
        params: Mapping[str, Any],
        paginator: BasePaginator,
        selector: str,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Iterator[Page]:
        """Page after page, by a paginator that is always named: dlt's guess loses pages without a word.

        Parameters
        ----------
        selector
            Where the list of items is in an answer.
        body
            Sent as JSON by POST; a GET without it.
        """
        try:
            for page in self._client.paginate(
                path,
                method="GET" if body is None else "POST",
                params=dict(params),
                json=None if body is None else dict(body),
                # Not as `headers`: dlt writes those into its log when it is asked for details.
                auth=HeaderAuth({**self._headers, **headers}) if headers else None,
                paginator=paginator,
                data_selector=selector,
                hooks={"response": [_refuse]},
                # A token must not follow a redirect to another host.
                allow_redirects=False,
            ):
                yield Page(list(page), page.response.json())
        except HttpError as fault:
            reason = self._explain(fault)
            if reason is None and fault.status == 429:
                reason = "the rate limit is reached, and no answer says when it is lifted"
            if reason is not None:
                raise RunStoppedError(reason) from None
            raise
        except RequestException as error:
            # Not its own words: they hold the address.
            raise NetworkError(f"no whole answer: {_plain(error)}") from None


def _refuse(response: Response, *_args: Any, **_options: Any) -> None:
    if not 200 <= response.status_code < 300:
        raise HttpError(response)


def _json_or_none(response: Response) -> Any:
    try:
        return json.loads(response.content)
    except (ValueError, RecursionError):
        return None


def _first_words(payload: Any) -> str:
    """What a refusal says for people, whichever of the usual places it stands in."""
    error = payload.get("error", payload) if isinstance(payload, dict) else payload
    if isinstance(error, str):
        said = payload.get("message") or payload.get("error_description") or error
    elif isinstance(error, dict):
        said = error.get("message") or error.get("detail") or error.get("title")
    else:
        said = None
    return f": {' '.join(str(said).split())[:200]}" if said else ""


def _plain(error: RequestException) -> str:
    text = str(error)
    return text if text.startswith("an answer") else type(error).__name__
