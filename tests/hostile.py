"""An export that means harm: markup, formulas, marks that reorder text, and very long texts in every field that holds text."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np

INFLUENCERS = 160
ALARM = "tribu_alarm"
"""Every script in the export calls or sets this name: a page where it is known ran one."""

ELEMENT = "tribu-injected"
"""Name of the element, the attribute and the class that markup of the export would create."""

ELSEWHERE = "elsewhere.invalid"
"""The host that every address of the export leads to."""

MARKUP = (
    f"<script>window.{ALARM}=1</script>",
    f"</script><script>window.{ALARM}=1</script>",
    f"<img src=https://{ELSEWHERE}/x.png onerror={ALARM}=1>",
    f'"><{ELEMENT}>',
    f"'><svg onload={ALARM}=1 class={ELEMENT}>",
    f"<!--<script>{ALARM}=1//",
    f"{{{{ {ALARM} }}}}{{% raw %}}",
    f"<a href='javascript:{ALARM}=1'>x</a><b>bold</b><br>",
    f"]]></title></style><{ELEMENT} {ELEMENT}=1>",
    f"\\u003cscript\\u003e{ALARM}=1\\u003c/script\\u003e&lt;{ELEMENT}&gt;",
)
FORMULAS = (f'=HYPERLINK("https://{ELSEWHERE}")', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1+1)*cmd", "\t=1+1", "＝1+1")
DIRECTIONS = ("\u202egnp.exe\u202c", "\u2066\u2067مرحبا\u2069 abc", "שלום\u200f <b>", "a\u200bb\u200bc")
LOUD = ("👩\u200d👩\u200d👧\u200d👦🏳️\u200d🌈" * 30, "Z\u0335\u0324\u0348" * 60, "W" * 400, "﷽" * 40)
TEXTS = (*MARKUP, *FORMULAS, *DIRECTIONS, *LOUD)
BIO = (MARKUP[0] + " #" + MARKUP[2] + " 🦄 ") * 150
LINKS = (
    f"javascript:{ALARM}=1",
    f"JaVaScRiPt:{ALARM}=1",
    f"data:text/html,<script>{ALARM}=1</script>",
    f"//{ELSEWHERE}/x",
    f"https://instagram.com@{ELSEWHERE}/",
    f'https://{ELSEWHERE}/"onmouseover="{ALARM}=1',
    f"https://{ELSEWHERE}/<script>{ALARM}=1</script>",
    f"https://{ELSEWHERE}/plain",
)
ACCOUNT_COLUMNS = (
    "platform", "account_id", "handle", "observed_at", "display_name", "bio", "profile_url", "country", "language",
    "category", "is_verified", "followers", "following", "posts", "audience_country",
)  # fmt: skip
POST_COLUMNS = (
    "platform", "account_id", "handle", "observed_at", "post_id", "posted_at", "media_type", "caption", "hashtags",
    "url", "language", "likes", "comments", "views", "is_sponsored",
)  # fmt: skip


def write_exports(folder: Path) -> list[Path]:
    """Write a file of accounts and one of posts; some of their records are no UTF-8."""
    folder.mkdir(parents=True, exist_ok=True)
    accounts, posts = folder / "accounts <b>&amp; $(x).csv", folder / "=posts.csv"
    _write(accounts, ACCOUNT_COLUMNS, _accounts())
    _write(posts, POST_COLUMNS, _posts())
    broken = b"instagram,9001,bro\xffken,2026-06-01,\xc3\x28<script>" + ALARM.encode() + b"=1</script>"
    with accounts.open("ab") as stream:
        stream.write(broken + b"," * (len(ACCOUNT_COLUMNS) - 5) + b"\r\n")
    return [accounts, posts]


def _write(path: Path, columns: tuple[str, ...], rows: Iterator[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        writer.writerows(rows)


def _pick(texts: tuple[str, ...], number: int) -> str:
    return texts[number % len(texts)]


def _platform(number: int) -> str:
    return ("instagram", "tiktok")[number % 2]


def _handle(number: int) -> str:
    # A number keeps handles apart; those that staging refuses show up among the reasons.
    return f"{_pick(TEXTS, number)}{number}"


def _accounts() -> Iterator[tuple[object, ...]]:
    draw = np.random.Generator(np.random.PCG64(20_261_122))
    for number in range(INFLUENCERS):
        text = _pick(TEXTS, number + 3)
        yield (
            _platform(number),
            f"{1000 + number}",
            _handle(number),
            "2026-06-01",
            text,
            BIO[:10_000] if number % 5 == 0 else text,
            _pick(LINKS, number),
            _pick(TEXTS, number + 5) if number % 2 else "FR",
            _pick(TEXTS, number + 7),
            _pick(TEXTS, number + 9),
            _pick(TEXTS, number),
            int(draw.lognormal(9 if number % 3 else 12, 1)),
            int(draw.lognormal(5, 1)),
            int(draw.lognormal(4, 1)),
            _pick(TEXTS, number + 11),
        )
    yield (MARKUP[0], "1", MARKUP[1], MARKUP[2], *MARKUP[3:10], "-1", "=1", MARKUP[4], MARKUP[5])


def _posts() -> Iterator[tuple[object, ...]]:
    draw = np.random.Generator(np.random.PCG64(20_261_123))
    for number in range(INFLUENCERS):
        for post in range(6):
            likes = int(draw.lognormal(6 if number % 3 else 8, 1))
            yield (
                _platform(number),
                f"{1000 + number}",
                _handle(number),
                "2026-06-01",
                f"{number}-{post}",
                f"2026-05-{1 + 4 * post:02d}",
                _pick(TEXTS, number + post),
                f"{_pick(TEXTS, post)} #{_pick(MARKUP, post)} #same",
                f"#same #{_pick(TEXTS, post + number % 2)} #<{ELEMENT}>",
                _pick(LINKS, post),
                _pick(TEXTS, post),
                likes,
                likes // 20,
                likes * 8,
                _pick(TEXTS, post) if post % 2 else "true",
            )
