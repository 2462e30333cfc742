"""A draft of a mapping for an unknown export: what every column is taken for, and what only a person can decide."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from tribu.landing.contract import ACCOUNT_COLUMNS, POST_COLUMNS
from tribu.landing.drafting.profiles import ColumnProfile, ratio
from tribu.landing.drafting.sampling import Sample, read_sample
from tribu.landing.drafting.scoring import NEAR, SURE, Assignment, Choice, assign, varies_within_accounts, with_handle
from tribu.landing.drafting.values import is_date, parse_number
from tribu.landing.drafting.whole_file import (
    date_of_name,
    date_order_of,
    number_locale_of,
    platform_of_file,
)
from tribu.landing.headers import header_keys
from tribu.landing.sensitive import sensitive_subject
from tribu.reference import fold

EXAMPLES: Final = 4
"""Values shown of each column."""

_KEYS: Final = ("handle", "account_id")
_SHARED: Final = frozenset({"account_id", "handle", "observed_at", "platform"})
"""Columns that a list of posts gives to the accounts too."""
_COUNTED: Final = frozenset(
    {"followers", "following", "posts", "views", "likes", "total_views", "total_likes", "avg_views", "avg_likes"}
)
_IN_ADDRESSES: Final = (
    ("account_id", "/channel/(UC[A-Za-z0-9_-]{22})"),
    ("handle", "(?:tiktok|youtube)[.]com/@([A-Za-z0-9._-]+)"),
    ("handle", "(?:instagram|twitter|x|facebook|twitch)[.](?:com|tv)/([A-Za-z0-9._]+)/?(?:[?].*)?$"),
)
"""What the address of a profile says of its account, and where."""
_LOGIN: Final = re.compile(r".*[^\x00-\x7f].*\([A-Za-z0-9_.]+\)")


@dataclass(frozen=True)
class DraftColumn:
    """One column of the file: the landing columns that it fills, if any, and what a reader may want to know of it.

    ``confidence`` is 0 to 1. ``sensitive`` names the subject that keeps its values from being shown and landed.
    """

    index: int
    header: str
    key: str
    column: str | None
    tables: tuple[str, ...]
    confidence: float
    unit: str | None
    note: str | None
    sensitive: str | None
    by_values: bool
    examples: tuple[str, ...] = field(default=())
    parts: dict[str, str] = field(default_factory=dict)
    """Landing column of the accounts → pattern of the part of the cell that it takes, beside the whole."""


@dataclass(frozen=True)
class Draft:
    """A mapping that a person reads before anything is imported with it.

    ``unsettled`` gives, for landing columns and ways of reading, the question that only a person can answer.
    """

    name: str
    file: str
    sample: Sample
    columns: tuple[DraftColumn, ...]
    tables: tuple[str, ...]
    platform: str | None
    observed_at: str | None
    row_key: str | None
    number_locale: str
    date_order: str
    null_spellings: tuple[str, ...]
    unsettled: dict[str, str]


def draft_mapping(path: Path, only: str | None = None) -> Draft:
    """Draft a mapping for the file ``path`` from its headers and from a bounded sample of its values.

    Parameters
    ----------
    only
        Name of the file of an archive, or of the sheet of a workbook, that is meant; without it
        the first file, or the sheet with the most columns.

    Raises
    ------
    InputFileError
        When it cannot be read, holds no table, has no header line, or nothing in it is called ``only``.
    """
    sample = read_sample(path, only)
    profiles = [
        ColumnProfile(header, [record[index] for record in sample.records])
        for index, header in enumerate(sample.headers)
    ]
    keys = header_keys(sample.headers)
    sensitive = {
        index: subject for index, profile in enumerate(profiles) if (subject := _sensitive(profile)) is not None
    }
    assignment = assign(profiles, frozenset(sensitive))
    unsettled: dict[str, str] = {}
    folder = path.resolve().parent.name
    platform = None if assignment.choice("platform") else platform_of_file(sample, folder, profiles, unsettled)
    named = None
    if not any(assignment.choice(key) for key in _KEYS) and not any(_part_of_address(one) for one in profiles):
        named = _names_as_handles(assignment, profiles)
        if named is not None:
            assignment = with_handle(assignment, named)
    tables = _tables(assignment, profiles)
    mapped = {choice.index: choice for choice in assignment.choices if choice.column}
    columns = tuple(
        _column(index, profile, keys, assignment, profiles, tables, sensitive.get(index))
        for index, profile in enumerate(profiles)
    )
    _ask_about_columns(assignment, profiles, keys, columns, unsettled)
    _ask_about_comments(assignment, profiles, keys, unsettled)
    columns = _with_parts(columns, profiles, tables, unsettled)
    parts = {part for column in columns for part in column.parts}
    row_key = None
    if not parts & set(_KEYS) and (named is not None or not any(assignment.choice(key) for key in _KEYS)):
        if named is not None:
            unsettled["handle"] = (
                f"{keys[named]}: names rather than handles, but nothing else identifies the account; "
                "who changes the name becomes another account. Or remove it and write row_key"
            )
        elif tables == ("accounts",):
            row_key = "row"
            unsettled["handle"] = (
                "no column identifies the account: with row_key each record is an account of this file alone, "
                "without a past or a future; or map a column"
            )
        else:
            unsettled["handle"] = "no column says whose posts these are: map one"
    if "posts" in tables and not any(assignment.choice(key) for key in ("post_id", "url")):
        unsettled["post_id"] = "no column identifies the post: map one, or map the file as accounts"
    _ask_about_headers(profiles, unsettled)
    if not assignment.table_is_sure:
        unsettled["tables"] = "one account per record, or one post?"
    number_locale = number_locale_of([profiles[index] for index in mapped], sample, unsettled)
    date_order = date_order_of(assignment, profiles, unsettled)
    if not sample.encoding_is_sure:
        unsettled["encoding"] = (
            f"not UTF-8, and no mark says what else; read as {sample.encoding}. Are the names right?"
        )
    if len(sample.lists) > 1:
        unsettled["records"] = f"lists of records stand in {', '.join(sample.lists)}: is it the longest?"
    observed = None if assignment.choice("observed_at") else date_of_name(sample.stem)
    if observed is not None and sample.others:
        unsettled["observed_at"] = (
            f"{observed} is of the name {sample.name}, and the mapping may be for what else is there: "
            "take it out of constants and use from_path, or keep it if all are of that date"
        )
    nulls = Counter(text for index in mapped for text in profiles[index].odd_nulls)
    return Draft(
        name=_name(sample.stem),
        file=sample.name,
        sample=sample,
        columns=columns,
        tables=tables,
        platform=platform,
        observed_at=observed,
        row_key=row_key,
        number_locale=number_locale,
        date_order=date_order,
        null_spellings=tuple(sorted(nulls)),
        unsettled=unsettled,
    )


def _names_as_handles(assignment: Assignment, profiles: Sequence[ColumnProfile]) -> int | None:
    """Column of names that tell the accounts of the file apart, where no column of handles or ids does."""

    def evidence(choice: Choice) -> float:
        meaning = assignment.meanings[choice.index]
        return max(meaning.columns.get("handle", 0.0), 0.9 * meaning.columns.get("display_name", 0.0))

    fitting = [
        choice
        for choice in assignment.choices
        if choice.column in (None, "display_name")
        and evidence(choice) >= 0.6
        and profiles[choice.index].share("text") > 0.8
        and (assignment.table == "posts" or profiles[choice.index].distinct > 0.95)
    ]
    return max(fitting, key=evidence).index if fitting else None


def _sensitive(profile: ColumnProfile) -> str | None:
    """Subject of a sensitive column, by header or by values; a ``Genre`` of music is none."""
    if profile.share("email") > 0.5:
        return "e-mail"
    if profile.share("phone") > 0.6:
        return "phone"
    subject = sensitive_subject(profile.header)
    if subject == "gender" and fold(profile.header).strip() in ("genre", "genero", "genere") and profile.values:
        return subject if profile.share("gender") > 0.5 else None
    return subject


def _tables(assignment: Assignment, profiles: Sequence[ColumnProfile]) -> tuple[str, ...]:
    """A list of posts feeds accounts too when it says something of them and the key is there."""
    if assignment.table == "accounts":
        return ("accounts",)
    of_accounts = [
        choice
        for choice in assignment.choices
        if choice.column in set(ACCOUNT_COLUMNS) - set(POST_COLUMNS) and choice.score >= SURE
    ]
    keyed = any(assignment.choice(key) for key in _KEYS)
    return ("posts", "accounts") if of_accounts and keyed else ("posts",)


def _column(
    index: int,
    profile: ColumnProfile,
    keys: Sequence[str],
    assignment: Assignment,
    profiles: Sequence[ColumnProfile],
    tables: tuple[str, ...],
    sensitive: str | None,
) -> DraftColumn:
    choice = assignment.choices[index]
    column, unit, note = choice.column, None, None
    into: tuple[str, ...] = ()
    if column:
        of = {"accounts": ACCOUNT_COLUMNS, "posts": POST_COLUMNS}
        into = tuple(table for table in tables if column in of[table])
        into = into if column in _SHARED else into[:1]
        column = column if into else None
    if column:
        unit, note = _unit(profile, column, assignment.meanings[index].units)
        of_posts = "accounts" in into and len(tables) > 1 and column not in _SHARED
        if of_posts and varies_within_accounts(profiles, assignment, index):
            note = "varies from post to post of one account"
    elif sensitive:
        note = f"sensitive ({sensitive}): not landed unless asked for"
    elif choice.equal_to is not None:
        note = f"the same as {keys[choice.equal_to]}, which is mapped"
    elif profile.is_sequence:
        note = "numbers the rows"
    elif not profile.values:
        note = "empty in the sample"
    if choice.contradicted and not sensitive:
        note = f"its values are no {choice.contradicted}, whatever the header says"
    examples = [] if sensitive else [text for text, _ in profile.counts.most_common(60)]
    return DraftColumn(
        index=index,
        header=" ".join(profile.header.replace("\ufeff", "").split()),
        key=keys[index],
        column=column,
        tables=into,
        confidence=round(choice.score, 2) if column else 0.0,
        unit=unit,
        note=note,
        sensitive=sensitive,
        by_values=bool(choice.contradicted),
        examples=tuple(examples[:: max(1, len(examples) // EXAMPLES)][:EXAMPLES]),
    )


def _unit(profile: ColumnProfile, column: str, said: frozenset[str]) -> tuple[str | None, str | None]:
    """Unit of a bare number in the column, and a remark where it is a guess."""
    bare = profile.share("number") - profile.share("percent")
    if column == "engagement_rate" and bare > 0.1:
        highest = max((number for number in profile.numbers if number is not None), default=0.0)
        if highest > 1 or "percent" in said:
            return "percent", None
        return ("ratio", None) if (profile.middle or 0) < 0.3 else ("ratio", "unit is a guess")
    if column == "duration" and bare > 0.5:
        return ("minutes" if "minutes" in said else "seconds"), None
    numeric = profile.share("number") > 0.5 and not profile.share("scaled") > 0.05
    # "Followers (k)" over 12,345,678 is a word about nothing.
    if numeric and column in _COUNTED:
        for unit, limit in (("thousand", 2e6), ("million", 2e4)):
            if unit in said and (profile.middle or 0) < limit:
                return unit, None
    return None, None


def _ask_about_columns(
    assignment: Assignment,
    profiles: Sequence[ColumnProfile],
    keys: Sequence[str],
    columns: Sequence[DraftColumn],
    unsettled: dict[str, str],
) -> None:
    for choice, drafted in zip(assignment.choices, columns, strict=True):
        column = drafted.column
        if column is None:
            continue
        question = _question(choice, drafted, profiles, keys)
        unsaid = assignment.meanings[choice.index].columns.get("country", 0.0) < 0.6
        if question is None and column == "country" and unsaid and not assignment.choice("audience_country"):
            question = f"{drafted.key}: the country of the account, or of its audience (audience_country)?"
        if question:
            unsettled[column] = question


def _ask_about_headers(profiles: Sequence[ColumnProfile], unsettled: dict[str, str]) -> None:
    """A first line that is no header would be lost as one, and a column per date holds many observations."""
    dates = [profile.header for profile in profiles if is_date(profile.header)]
    numbers = [one.header for one in profiles if one.header not in dates and parse_number(one.header) is not None]
    repeated = [one.header for one in profiles if one.counts.get(one.header)]
    if len(dates) > 1:
        unsettled["headers"] = (
            f"{dates[0]}, {dates[1]}, ... are dates: a record is one account at one date, so make a row of each "
            "account and date before the import"
        )
    elif numbers or 0 < len(repeated) < len(profiles):
        unsettled["headers"] = (
            f"the first line ({', '.join(one.header for one in profiles[:4])}) reads like a record, and would be "
            "lost as headers: put a line of headers above it"
        )


def _ask_about_comments(
    assignment: Assignment, profiles: Sequence[ColumnProfile], keys: Sequence[str], unsettled: dict[str, str]
) -> None:
    """Comments are a small part of likes on every network; where they are not, one of the two headers is wrong."""
    for comments, likes in (("avg_comments", "avg_likes"), ("comments", "likes")):
        one, other = assignment.choice(comments), assignment.choice(likes)
        if one and other:
            quotient = ratio(profiles[one.index], profiles[other.index])
            if quotient is not None and quotient > 0.7:
                unsettled[comments] = (
                    f"{keys[one.index]}: {quotient:.1f} comments per like of {keys[other.index]}; "
                    "is one of them something else?"
                )


def _with_parts(
    columns: Sequence[DraftColumn],
    profiles: Sequence[ColumnProfile],
    tables: tuple[str, ...],
    unsettled: dict[str, str],
) -> tuple[DraftColumn, ...]:
    """Columns of which a part identifies the account: an id or handle in an address, a login after a name."""
    taken = {column.column for column in columns}
    found = []
    for column, profile in zip(columns, profiles, strict=True):
        parts: dict[str, str] = {}
        changed = column
        if column.column == "profile_url" and tables == ("accounts",) and (part := _part_of_address(profile)):
            if part[0] not in taken:
                parts = dict([part])
                taken.add(part[0])
        elif column.column == "handle" and "display_name" not in taken and _holds_logins(profile, tables):
            changed = replace(column, column="display_name")
            parts = {"handle": "([A-Za-z0-9_.]+)[)]?\\s*$"}
            unsettled["handle"] = f"{column.key}: a name and a login in one cell; the login is taken where there is one"
        found.append(replace(changed, parts=parts))
    return tuple(found)


def _holds_logins(profile: ColumnProfile, tables: tuple[str, ...]) -> bool:
    """Tell whether some cells hold a name and a login in brackets."""
    logins = sum(bool(_LOGIN.fullmatch(value)) for value in profile.counts)
    return tables == ("accounts",) and logins >= max(3, 0.02 * len(profile.counts))


def _part_of_address(profile: ColumnProfile) -> tuple[str, str] | None:
    """Landing column that most addresses of profiles hold, and the pattern that finds it."""
    for column, pattern in _IN_ADDRESSES:
        found = {match[1] for value in profile.counts if (match := re.search(pattern, value))}
        if len(found) >= max(3, 0.6 * len(profile.counts)):
            return column, pattern
    return None


def _question(
    choice: Choice, drafted: DraftColumn, profiles: Sequence[ColumnProfile], keys: Sequence[str]
) -> str | None:
    if choice.contradicted and drafted.column == "country":
        return f"{drafted.key}: holds countries; of the account, or of its audience (audience_country)?"
    if choice.contradicted:
        return f"{drafted.key}: the header says {choice.contradicted}, the values do not"
    guessed = drafted.note in ("unit is a guess", "varies from post to post of one account")
    if choice.undecided or guessed:
        return f"{drafted.key}: {choice.undecided or drafted.note}"
    if choice.rival is not None:
        return f"{drafted.key}, or {keys[choice.rival]}? They are within {NEAR:.2f} of each other"
    if choice.score < SURE:
        values = profiles[choice.index]
        seen = f"; {values.null_share:.0%} of its cells are empty" if values.null_share > 0.5 else ""
        return f"{drafted.key}: confidence {choice.score:.2f}{seen}"
    return None


def _name(stem: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "_", fold(stem)).strip("_")
    return words[:60].strip("_") or "export"
