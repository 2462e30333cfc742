"""A draft of a mapping for an unknown export: what every column is taken for, how the file reads, what a person decides."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from tribu.landing.contract import ACCOUNT_COLUMNS, NUMBER_LOCALES, POST_COLUMNS
from tribu.landing.drafting.profiles import ColumnProfile, ratio
from tribu.landing.drafting.sampling import Sample, read_sample
from tribu.landing.drafting.scoring import NEAR, SURE, Assignment, Choice, assign, varies_within_accounts, with_handle
from tribu.landing.drafting.words import contains_phrase, platform_words, split_words
from tribu.landing.headers import header_keys
from tribu.landing.sensitive import sensitive_subject
from tribu.reference import fold

EXAMPLES: Final = 4
"""Values shown of each column."""

_KEYS: Final = ("handle", "account_id")
_CORE: Final = frozenset({"handle", "account_id", "followers", "post_id", "url", "country", "observed_at"})
_IN_ADDRESSES: Final = (
    ("account_id", "/channel/(UC[A-Za-z0-9_-]{22})"),
    ("handle", "(?:tiktok|youtube)[.]com/@([A-Za-z0-9._-]+)"),
    ("handle", "(?:instagram|twitter|x|facebook|twitch)[.](?:com|tv)/([A-Za-z0-9._]+)/?(?:[?].*)?$"),
)
"""What the address of a profile says of its account, and where."""
_LOGIN: Final = re.compile(r".*[^\x00-\x7f].*\([A-Za-z0-9_.]+\)")
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january jan janvier enero janeiro januar",
            "february feb fevrier febrero fevereiro februar",
            "march mar mars marzo marco marz",
            "april apr avril abril",
            "may mai mayo maio",
            "june jun juin junio junho juni",
            "july jul juillet julio julho juli",
            "august aug aout agosto",
            "september sep sept septembre septiembre setembro",
            "october oct octobre octubre outubro oktober",
            "november nov novembre noviembre novembro",
            "december dec decembre diciembre dezembro dezember",
        ),
        start=1,
    )
    for name in names.split()
}


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


def draft_mapping(path: Path) -> Draft:
    """Draft a mapping for the file ``path`` from its headers and from a bounded sample of its values.

    Raises
    ------
    InputFileError
        When it cannot be read, is no text, or has no header line.
    """
    sample = read_sample(path)
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
    platform = (
        None if assignment.choice("platform") else _platform(sample, path.resolve().parent.name, profiles, unsettled)
    )
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
                f"{keys[named]}: names rather than handles, but nothing else identifies the account; who changes the name "
                "becomes another account. Or remove it and write row_key"
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
    if not assignment.table_is_sure:
        unsettled["tables"] = "one account per record, or one post?"
    number_locale = _number_locale([profiles[index] for index in mapped], sample, unsettled)
    date_order = _date_order(assignment, profiles, unsettled)
    if not sample.encoding_is_sure:
        unsettled["encoding"] = (
            "not UTF-8, and nothing says what else; read as cp1252 (Western Europe). Are the names right?"
        )
    observed = None if assignment.choice("observed_at") else _date_of_name(sample.name)
    nulls = Counter(text for index in mapped for text in profiles[index].odd_nulls)
    return Draft(
        name=_name(sample.name),
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
        shared = column in ("account_id", "handle", "observed_at", "platform")
        into = tuple(table for table in tables if column in of[table])
        into = into if shared else into[:1]
        column = column if into else None
    if column:
        unit, note = _unit(profile, column, assignment.meanings[index].units)
        if "accounts" in into and len(tables) > 1 and column not in ("account_id", "handle", "observed_at", "platform"):
            if varies_within_accounts(profiles, assignment, index):
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
    if numeric and column in (
        "followers",
        "following",
        "posts",
        "views",
        "likes",
        "total_views",
        "total_likes",
        "avg_views",
        "avg_likes",
    ):
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
        if question is None and column == "country" and not assignment.choice("audience_country"):
            if assignment.meanings[choice.index].columns.get("country", 0.0) < 0.6:
                question = f"{drafted.key}: the country of the account, or of its audience (audience_country)?"
        if question:
            unsettled[column] = question


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
                    f"{keys[one.index]}: {quotient:.1f} comments per like of {keys[other.index]}; is one of them something else?"
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
        elif column.column == "handle" and "display_name" not in taken and tables == ("accounts",):
            if sum(bool(_LOGIN.fullmatch(value)) for value in profile.counts) >= max(3, 0.02 * len(profile.counts)):
                changed = replace(column, column="display_name")
                parts = {"handle": "([A-Za-z0-9_.]+)[)]?\\s*$"}
                unsettled["handle"] = (
                    f"{column.key}: a name and a login in one cell; the login is taken where there is one"
                )
        found.append(replace(changed, parts=parts))
    return tuple(found)


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
    if choice.contradicted:
        if drafted.column in ("country", "audience_country"):
            return f"{drafted.key}: holds countries; of the account, or of its audience (audience_country)?"
        return f"{drafted.key}: the header says {choice.contradicted}, the values do not"
    if choice.undecided:
        return f"{drafted.key}: {choice.undecided}"
    if drafted.note in ("unit is a guess", "varies from post to post of one account"):
        return f"{drafted.key}: {drafted.note}"
    if choice.rival is not None:
        return f"{drafted.key}, or {keys[choice.rival]}? They are within {NEAR:.2f} of each other"
    if choice.score < SURE:
        values = profiles[choice.index]
        seen = f"; {values.null_share:.0%} of its cells are empty" if values.null_share > 0.5 else ""
        return f"{drafted.key}: confidence {choice.score:.2f}{seen}"
    return None


def _platform(sample: Sample, folder: str, profiles: Sequence[ColumnProfile], unsettled: dict[str, str]) -> str | None:
    """The network: addresses weigh most, then ids, then words of the file's name and of headers."""
    votes: Counter[str] = Counter()
    for profile in profiles:
        looked = sum(profile.platforms.values())
        for name, count in profile.platforms.items():
            # Addresses in texts and links elsewhere are few among many.
            if looked and count >= 0.3 * len(profile.counts):
                votes[name] += 3 * count / looked  # type: ignore[assignment]
        if profile.share("channel_id") > 0.8:
            votes["youtube"] += 3
    for text, weight in ((Path(sample.name).stem, 2.0), (folder, 1.2), *((header, 0.9) for header in sample.headers)):
        words = split_words(re.sub(r"(?<=\D)\d+|\d+(?=\D)", " ", text))
        for name, phrases in platform_words().items():
            if any(contains_phrase(words, phrase) for phrase in phrases):
                # "Subscribers" is what several tools head every network's followers with.
                weak = weight < 1 and all(one not in ("youtube", "youtuber", "tiktok") for one in words)
                votes[name] += weight * (0.4 if weak and name == "youtube" else 1.0)  # type: ignore[assignment]
    ranked = votes.most_common(2)
    if not ranked or ranked[0][1] < 0.8:
        unsettled["platform"] = (
            "nothing in the file says which network this is: write it under constants, or give --platform"
        )
        return None
    if len(ranked) > 1 and ranked[1][1] > 0.6 * ranked[0][1]:
        unsettled["platform"] = f"{ranked[0][0]}, or {ranked[1][0]}?"
    return ranked[0][0]


def _number_locale(profiles: Sequence[ColumnProfile], sample: Sample, unsettled: dict[str, str]) -> str:
    marks: Counter[str] = Counter()
    for profile in profiles:
        if profile.share("number") > 0.5:
            marks += profile.separators
    comma, point = marks[","], marks["."]
    if comma > point:
        locale = _comma_locale(sample)
    else:
        locale = "en"
    if comma and point and min(comma, point) > 0.1 * (comma + point):
        unsettled["number_locale"] = f"{comma} numbers have a decimal comma and {point} a decimal point"
    elif marks["?"] and not comma and not point:
        unsettled["number_locale"] = (
            "1,234 or 1.234 stands for a thousand or for one and a bit: nothing in the sample says which"
        )
        locale = (
            _comma_locale(sample)
            if any("." in value and "?" in profile.separators for profile in profiles for value in profile.counts)
            else "en"
        )
    return locale


def _comma_locale(sample: Sample) -> str:
    """A locale with a decimal comma; which of them makes no difference to the numbers."""
    words = {word for header in sample.headers for word in split_words(header)}
    tells = {
        "de": {"aufrufe", "beitrage", "abonnenten", "benutzername", "durchschnittliche", "kategorie", "land"},
        "es": {"seguidores", "usuario", "publicaciones", "pais"},
        "pt": {"seguidores", "curtidas", "inscritos", "publicacoes", "visualizacoes", "nome"},
        "fr": {"abonnes", "vues", "pseudo", "compte", "pays"},
    }
    best = max(tells, key=lambda locale: len(tells[locale] & words))
    locale = best if tells[best] & words else "fr"
    assert locale in NUMBER_LOCALES
    return locale


def _date_order(assignment: Assignment, profiles: Sequence[ColumnProfile], unsettled: dict[str, str]) -> str:
    orders: set[str] | None = None
    for column in ("observed_at", "posted_at", "account_created_at"):
        choice = assignment.choice(column)
        if choice is None or not any(_three(value) for value in profiles[choice.index].counts):
            continue
        fitting = profiles[choice.index].date_orders
        orders = set(fitting) if orders is None else orders & fitting
    if orders is None:
        return "ymd"
    if len(orders) == 1:
        return orders.pop()
    unsettled["date_order"] = (
        "no number above 12 in the dates of the sample: day first (dmy) or month first (mdy)?"
        if orders
        else "dates with the day first and dates with the month first"
    )
    return "dmy"


def _three(text: str) -> bool:
    return bool(re.match(r"\d{1,2}[./-]\d{1,2}[./-]\d{4}", text))


def _date_of_name(name: str) -> str | None:
    """Date in the name of a file: a day, or a month, which stands for its first day."""
    stem = Path(name).stem
    if found := re.search(r"(20\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)", stem):
        return f"{found[1]}-{found[2]}-{found[3]}"
    if found := re.search(r"(?<!\d)(20\d\d)[-_](0[1-9]|1[0-2])(?!\d)", stem):
        return f"{found[1]}-{found[2]}-01"
    words = split_words(stem)
    for one, other in zip(words, words[1:], strict=False):
        if one in _MONTHS and re.fullmatch(r"20\d\d", other):
            return f"{other}-{_MONTHS[one]:02d}-01"
    return None


def _name(name: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "_", fold(Path(name).stem)).strip("_")
    return words[:60].strip("_") or "export"
