"""A Mastodon instance in small: numbers of its own, links to the next page in a header, limits that name a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.networks.server import Answer, Asked, NetworkServer, RefusedError

START = datetime(2026, 11, 1, 12, tzinfo=UTC)


@dataclass
class Account:
    """One account of the instance, or one of another that it knows (``name@host``)."""

    number: int
    acct: str
    followers: int = 50
    posts: int = 3
    boosts: int = 0
    """How many of the posts, the oldest, are somebody else's."""
    suspended: bool = False
    gone: bool = False
    moved: str | None = None

    @property
    def id(self) -> str:
        return str(109_000_000_000_000_000 + self.number)


class MastodonServer(NetworkServer):
    """Lookup, accounts and their statuses, with the parameters of the documentation and no others."""

    def __init__(self, accounts: list[Account] | None = None) -> None:
        super().__init__()
        self.accounts = accounts or []

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/api/v1/accounts/lookup":
            self._only(asked, "acct")
            acct = asked.one("acct")
            if acct and acct.endswith(self.url.removeprefix("http://")):
                raise RefusedError("an account of the instance is looked up without its host")
            return self._account(next((one for one in self.accounts if one.acct == acct), None))
        parts = asked.path.removeprefix("/api/v1/accounts/").split("/")
        account = next((one for one in self.accounts if one.id == parts[0]), None)
        if len(parts) == 1:
            self._only(asked)
            return self._account(account)
        self._only(asked, "limit", "max_id")
        if account is None:
            return Answer({"error": "Record not found"}, 404)
        limit = int(asked.one("limit") or 20)
        if not 1 <= limit <= 40:
            raise RefusedError(f"limit {limit} is not within 1 and 40")
        first = account.posts - int(asked.one("max_id") or account.posts + 1) + 1
        numbers = [account.posts - index for index in range(first, min(first + limit, account.posts))]
        headers = {}
        if numbers:
            link = f"{self.url}{asked.path}?limit={limit}&max_id={numbers[-1]}"
            headers["Link"] = f'<{link}>; rel="next", <{self.url}{asked.path}?min_id={numbers[0]}>; rel="prev"'
        return Answer([self._status(account, number) for number in numbers], headers=headers)

    def refusal(self, message: str) -> Answer:
        return Answer({"error": message}, 422)

    def _only(self, asked: Asked, *names: str) -> None:
        if unknown := {name for name, _ in asked.query} - set(names):
            raise RefusedError(f"{asked.path} has no parameter {sorted(unknown)}")

    def _account(self, account: Account | None) -> Answer:
        if account is None:
            return Answer({"error": "Record not found"}, 404)
        if account.gone:
            return Answer({"error": "Gone"}, 410)
        return Answer(self._profile(account))

    def _profile(self, account: Account) -> dict[str, Any]:
        name = account.acct.split("@")[0]
        profile: dict[str, Any] = {
            "id": account.id,
            "username": name,
            "acct": account.acct,
            "display_name": "" if account.suspended else name.title(),
            "locked": False,
            "bot": False,
            "created_at": "2023-05-06T00:00:00.000Z",
            "note": "<p>Soupe &amp; pain<br>tous les jours</p>",
            "url": f"{self.url}/@{account.acct}",
            "followers_count": account.followers,
            "following_count": 7,
            "statuses_count": account.posts,
            "fields": [],
        }
        if account.suspended:
            profile["suspended"] = True
        if account.moved:
            profile["moved"] = {"id": "1", "acct": account.moved}
        return profile

    def _status(self, account: Account, number: int) -> dict[str, Any]:
        moment = START - timedelta(hours=8 * (account.posts - number))
        return {
            "id": str(number),
            "uri": f"{self.url}/users/{account.acct}/statuses/{number}",
            "url": f"{self.url}/@{account.acct}/{number}",
            "created_at": moment.isoformat().replace("+00:00", "Z"),
            "account": self._profile(account),
            "content": f"<p>Jour {number} &lt;3</p>",
            "language": "fr",
            "favourites_count": 5,
            "replies_count": 1,
            "reblogs_count": 2,
            "reblog": {"id": "1"} if number <= account.boosts else None,
            "media_attachments": [{"id": "1", "type": "image"}],
            "tags": [{"name": "pain", "url": "x"}],
        }
