"""What larger lists would take, from what lists of several sizes took: a straight line, labelled as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

#: As many as the largest commercial lists are said to hold, over all platforms.
EVERYBODY = 350_000_000


@dataclass(frozen=True)
class Line:
    """Seconds that a build takes whatever its rows, and seconds for each influencer on top."""

    fixed_seconds: float
    seconds_each: float

    def at(self, influencers: int) -> float:
        """Project to another number of influencers."""
        return self.fixed_seconds + self.seconds_each * influencers


def line_through(seconds: Mapping[int, float]) -> Line | None:
    """Draw the line through the two largest sizes; the smaller ones say what is fixed, and little of what grows.

    Parameters
    ----------
    seconds
        What a build took, by number of influencers.

    Returns
    -------
    Line or None
        None with fewer than two sizes.
    """
    if len(seconds) < 2:
        return None
    small, large = sorted(seconds)[-2:]
    each = (seconds[large] - seconds[small]) / (large - small)
    return Line(seconds[small] - each * small, each)


def table_of_times(measured: Mapping[str, Mapping[int, tuple[float, float]]]) -> str:
    """Write times and memory of each engine by size, and the projection, as Markdown.

    Parameters
    ----------
    measured
        Seconds and peak bytes of each build, by engine and number of influencers.
    """
    engines: Sequence[str] = sorted(measured)
    sizes = sorted({size for builds in measured.values() for size in builds})
    lines = [f"| influencers | {' | '.join(engines)} |", "|---" * (1 + len(engines)) + "|"]
    for size in sizes:
        cells = []
        for engine in engines:
            taken = measured[engine].get(size)
            cells.append(f"{taken[0]:,.0f} s, {taken[1] / 1e9:.1f} GB" if taken else "not built")
        lines.append(f"| {size:,} | {' | '.join(cells)} |")
    drawn = [line_through({size: taken[0] for size, taken in measured[engine].items()}) for engine in engines]
    if any(drawn):
        cells = [
            f"{line.fixed_seconds:,.0f} s + {line.seconds_each * 1e6:,.0f} s per million" if line else "–"
            for line in drawn
        ]
        lines.append(f"| line through the two largest | {' | '.join(cells)} |")
        cells = [f"{line.at(EVERYBODY) / 3600:,.0f} h" if line else "–" for line in drawn]
        lines.append(f"| projected, not measured: {EVERYBODY:,} | {' | '.join(cells)} |")
    return "\n".join(lines)
