"""`tribu collect`: profiles and posts from the networks into landing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from tribu.cli.output import aligned_table, as_json
from tribu.cli.progress import ProgressLine
from tribu.wording import counted

if TYPE_CHECKING:
    from tribu.collect.collecting import CollectResult
    from tribu.collect.network import Network

# Named here too: the networks themselves take a second to import, and `tribu --help` does not wait for them.
PLATFORMS: Final = ("bluesky", "instagram", "mastodon", "tiktok", "x", "youtube")
_SHOWN: Final = 20


@click.command("collect")
@click.argument("platform", type=click.Choice(PLATFORMS))
@click.argument("handles", metavar="[HANDLE]...", nargs=-1)
@click.option(
    "--handles",
    "file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Handles, ids or addresses of profiles, one a line.",
)
@click.option("--posts", type=click.IntRange(0), default=200, show_default=True, help="Most posts of each; 0 is all.")
@click.option("--url", metavar="URL", help="Where the interface is; of mastodon the instance.")
@click.option(
    "--slice", "slice_size", type=click.IntRange(1), default=100, show_default=True, help="Accounts per batch."
)
@click.option(
    "--max-wait", type=click.IntRange(0), default=960, show_default=True, help="Seconds to wait for a rate limit."
)
@click.option("--dry-run", is_flag=True, help="Print requests and cost, and ask nothing.")
@click.option("--resume", is_flag=True, help="Go on with the last incomplete run of the platform.")
@click.option("--json", "as_data", is_flag=True, help="Print the counts as JSON.")
def collect_command(
    platform: str,
    handles: tuple[str, ...],
    file: Path | None,
    posts: int,
    url: str | None,
    slice_size: int,
    max_wait: int,
    dry_run: bool,
    resume: bool,
    as_data: bool,
) -> None:
    """Collect public profiles and their latest posts into landing, through the official interface of PLATFORM.

    Tokens come from the environment. Each slice of accounts lands before the next is fetched; a run that is cut off or
    out of quota keeps what came, exits with 12, and --resume goes on with it. Run it daily and growth accumulates:
    nothing that was observed before is changed.

    Twitch is not collected, for its terms do not let figures be kept: import a CSV that you may keep.
    """
    from tribu.collect.collecting import collect, open_network, read_handles
    from tribu.collect.transport import Patience
    from tribu.errors import IncompleteRunError
    from tribu.project import find_places

    given = [*handles, *(_lines(file) if file else [])]
    if resume and given:
        raise click.UsageError("--resume goes on with the accounts of the run; give no handles.")
    landing = find_places().landing
    network = open_network(platform, url)
    asked = read_handles(network, given)
    if not resume and not asked:
        raise click.UsageError("name at least one HANDLE, or a file of them with --handles.")
    if dry_run:
        if resume:
            from tribu.collect.runs import run_to_resume

            run = run_to_resume(landing, platform, network.base)
            asked, posts = list(run.remaining), run.posts_limit
        click.echo(_plan(network, len(asked), posts, as_data=as_data))
        return
    with ProgressLine() as progress:

        def say(message: str) -> None:
            progress.clear()
            click.echo(message, err=True)

        result = collect(
            landing,
            network,
            asked,
            posts=posts,
            slice_size=slice_size,
            resume=resume,
            patience=Patience(longest_wait=max_wait),
            say=say,
            progress=progress,
        )
    click.echo(_json(result, landing) if as_data else _table(result))
    for label, lines in (
        ("fewer posts than the profile states", result.shortfalls),
        ("not collected", [f"{handle}: {reason}" for handle, reason in result.failures.items()]),
    ):
        for line in lines[:_SHOWN]:
            click.echo(f"{label}: {line}", err=True)
        if len(lines) > _SHOWN:
            click.echo(f"{label}: and {len(lines) - _SHOWN:,} more", err=True)
    run = result.run
    click.echo(f"{counted(run.requests, 'request')}, {run.retries:,} of them again; landed in {landing}", err=True)
    if run.remaining:
        raise IncompleteRunError(
            expected=f"{counted(run.accounts_asked, 'account')} of {platform}",
            got=f"{run.accounts_settled:,}, for {run.reason}",
            remedy=f"tribu collect {platform} --resume{f' --url {url}' if url else ''}, later",
        )


def _lines(file: Path) -> list[str]:
    from tribu.errors import InputFileError

    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputFileError(
            expected="a text file of handles in UTF-8, one a line",
            got=f"{file}: {getattr(error, 'strerror', None) or 'no UTF-8'}",
            remedy="name another file",
        ) from None
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _plan(network: Network, accounts: int, posts: int, *, as_data: bool) -> str:
    # Without a bound nobody knows; what can be read at most is still one.
    posts = posts or network.reach or 0
    requests = network.requests_for(accounts, posts)
    plan = {
        "platform": network.name,
        "accounts": accounts,
        "posts_of_each_at_most": posts or None,
        "requests_at_most": requests if posts else None,
        "cost": network.cost(requests, accounts, posts) if posts else "unknown: give --posts a bound",
    }
    if as_data:
        return as_json(plan)
    return "\n".join(
        f"{name.replace('_', ' '):22}{'unknown' if value is None else value}" for name, value in plan.items()
    )


def _table(result: CollectResult) -> str:
    rows: list[list[str | int]] = [[outcome, count] for outcome, count in sorted(result.outcomes.items())]
    rows += [["profiles landed", result.accounts], ["posts landed", result.posts]]
    return aligned_table(["outcome", "accounts"], rows)


def _json(result: CollectResult, landing: Path) -> str:
    run = result.run
    return as_json(
        {
            "landing": str(landing),
            "run_id": run.run_id,
            "status": run.status,
            "reason": run.reason,
            "accounts_asked": run.accounts_asked,
            "accounts_settled": run.accounts_settled,
            "outcomes": dict(sorted(result.outcomes.items())),
            "profiles_landed": result.accounts,
            "posts_landed": result.posts,
            "slices": result.slices,
            "requests": run.requests,
            "retries": run.retries,
            "shortfalls": result.shortfalls,
            "failures": result.failures,
        }
    )
