"""What a network declares: where it is asked, how its answers become landing columns, what it says of an account."""

from __future__ import annotations

import html
import json
import math
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from tribu.collect.transport import HttpError, Interface
from tribu.landing.sensitive import sensitive_subject

Source = str | tuple[str, ...] | Callable[[Any], Any]
"""Where a value is in an answer: keys joined by dots, of several the first that is there, or a function."""

COLLECTED: Final = "collected"
RENAMED: Final = "renamed"
UNKNOWN: Final = "unknown"
PRIVATE: Final = "private"
SUSPENDED: Final = "suspended"
DUPLICATE: Final = "duplicate"
OUTCOMES: Final = (COLLECTED, RENAMED, PRIVATE, SUSPENDED, UNKNOWN, DUPLICATE)
"""What a network can say of an account that it was asked for. ``duplicate``: asked for twice, under two names."""


@dataclass(frozen=True)
class Found:
    """What a network says of one account.

    Attributes
    ----------
    asked
        The handle or id it was asked for.
    payload
        The profile as it came; None when there is none to see.
    """

    asked: str
    outcome: str
    payload: Any = None
    detail: str | None = None


class Network(ABC):
    """One network. A subclass is a declaration: addresses, sizes, mapping; and two short walks over its endpoints."""

    name: ClassVar[str]
    url: ClassVar[str]
    """Where the interface is; empty when it has to be said."""
    sites: ClassVar[frozenset[str]] = frozenset()
    """Hosts of the pages that people see, without ``www.``."""
    profile: ClassVar[re.Pattern[str]] = re.compile(r"/([^/]+)/?")
    """Path of an account's page there, with the handle or id as its group; of nothing else."""
    token_variable: ClassVar[str | None] = None
    """Environment variable of the token; None where none is needed."""
    together: ClassVar[int] = 1
    """Profiles per request."""
    page: ClassVar[int] = 100
    """Posts per page."""
    reach: ClassVar[int | None] = None
    """Posts that can be read of an account at most, None without a bound."""
    account: ClassVar[Mapping[str, Source]]
    """Landing column of an account → where it is in the profile."""
    post: ClassVar[Mapping[str, Source]]
    """Landing column of a post → where it is in the post."""

    def __init__(self, url: str | None = None) -> None:
        self.base = (url or self.url).rstrip("/")

    def headers(self, tokens: Mapping[str, str]) -> dict[str, str]:
        """How the token is sent, given the tokens by their variable."""
        return {"Authorization": f"Bearer {tokens[self.token_variable]}"} if self.token_variable else {}

    def tokens_needed(self, asked: Sequence[str]) -> list[str]:
        """Environment variables that must be set to ask for these accounts."""
        return [self.token_variable] if self.token_variable else []

    def clean(self, handle: str) -> str:
        """A handle or id as the network writes it."""
        return handle.strip().removeprefix("@")

    def name_at(self, host: str, path: str) -> str | None:
        """Handle or id in the address of an account's page; None where it is the address of something else."""
        page = self.profile.fullmatch(path) if host in self.sites else None
        return page[1] if page else None

    def is_id(self, asked: str) -> bool:
        """Tell whether this is an id, which a change of name does not touch."""
        return False

    @abstractmethod
    def find(self, interface: Interface, asked: Sequence[str]) -> Iterator[Found]:
        """What the network says of each of ``asked``, at most ``together`` of them."""

    @abstractmethod
    def posts(self, interface: Interface, found: Found, most: int) -> Iterator[Any]:
        """What the profile counts as posts, the newest first; the caller stops after ``most``."""

    def is_own(self, payload: Any) -> bool:
        """Tell whether a post is the account's own; others count, for the profile counts them, but do not land."""
        return True

    def explain(self, fault: HttpError) -> str | None:
        """Why a refusal ends the run; None when it is about one account only."""
        if fault.status == 401 and self.token_variable:
            return f"the token in {self.token_variable} is refused: it is wrong or has expired"
        return None

    def requests_for(self, accounts: int, posts: int) -> int:
        """Requests that ``accounts`` with ``posts`` each cost at most."""
        return math.ceil(accounts / self.together) + accounts * math.ceil(posts / self.page)

    def cost(self, requests: int, accounts: int, posts: int) -> str:
        """What that many requests mean: quota, time, money."""
        return f"{requests:,} requests"

    def account_row(self, payload: Any) -> dict[str, str | None]:
        """Landing columns of a profile, ``extra`` with the whole of it."""
        return landing_row(self.account, payload)

    def post_row(self, payload: Any) -> dict[str, str | None]:
        """Landing columns of a post, ``extra`` with the whole of it."""
        return landing_row(self.post, payload)

    def most_pages(self, posts: int) -> int:
        """Pages after which something is wrong: twice those that ``posts`` fill, for some may be empty."""
        return 2 * math.ceil(posts / self.page) + 10


def landing_row(mapping: Mapping[str, Source], payload: Any) -> dict[str, str | None]:
    """Landing columns of an answer as text, whatever type its fields have today."""
    row = {column: as_text(value_at(payload, source)) for column, source in mapping.items()}
    return row | {"extra": as_text(without_sensitive(payload))}


def value_at(payload: Any, source: Source) -> Any:
    """The value at a place in an answer, None where there is no such place."""
    if callable(source):
        return source(payload)
    for path in (source,) if isinstance(source, str) else source:
        value = payload
        for key in path.split("."):
            value = value.get(key) if isinstance(value, dict) else None
        if value is not None:
            return value
    return None


def count_at(payload: Any, source: Source) -> int | None:
    """A count in an answer; None where there is none, or something else."""
    value = value_at(payload, source)
    if isinstance(value, str) and value.strip().isdigit():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def as_text(value: Any) -> str | None:
    """A value as landing keeps it: text, numbers in all their digits, lists and objects as JSON."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        text = value
    elif isinstance(value, bool):
        text = "true" if value else "false"
    else:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # Half of a surrogate pair is valid JSON and no text.
    return text.encode("utf-8", "replace").decode("utf-8")


def without_sensitive(payload: Any) -> Any:
    """An answer without the fields whose names are sensitive (gender, pronouns, e-mail, …)."""
    if isinstance(payload, dict):
        return {key: without_sensitive(value) for key, value in payload.items() if not _is_sensitive(key)}
    return [without_sensitive(item) for item in payload] if isinstance(payload, list) else payload


_SENSITIVE: dict[str, bool] = {"pronouns": True}


def _is_sensitive(key: str) -> bool:
    if key not in _SENSITIVE:
        _SENSITIVE[key] = sensitive_subject(key) is not None
    return _SENSITIVE[key]


def hashtags(names: Iterable[Any]) -> str | None:
    """Names of tags as one text, each behind its sign."""
    return " ".join(f"#{name}" for name in names if isinstance(name, str) and name) or None


def plain_text(markup: Any) -> str | None:
    """The text of a little HTML, paragraphs and line breaks kept."""
    if not isinstance(markup, str):
        return None
    broken = re.sub(r"(?i)<br\s*/?>|</p>", "\n", markup)
    return html.unescape(re.sub(r"<[^>]*>", "", broken)).strip()


def chunks(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """The items, ``size`` at a time."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
