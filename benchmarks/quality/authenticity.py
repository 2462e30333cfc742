"""Signals of authenticity on a labelled public list of fake accounts, whose label the build never sees.

Of what signals look at, the list has followers and accounts followed. So one of the five is known, and the sum is that
part: where an account's ratio of the two stands in its cohort. Beside it stand single ratios of the same three columns
as they are, without a cohort. Each is read in the direction that suits it, and the best is picked with the label in
sight: it is what somebody would reach who knows the answer.

Nothing was set with the label in sight: weights are equal, parts are shares of a cohort, and following counts from
where it does as shipped.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb
import numpy as np
from benchmarks.quality.agreement import Benchmark, Result
from benchmarks.quality.builds import build, run
from benchmarks.quality.fakes import LABEL, LANDING_COLUMNS, SETTINGS, accounts, write_list

SUM = "Tribu, sum of signals"


def area(truth: list[bool], scores: list[float]) -> float:
    """Area under the curve of true against false positives; equal scores count by half, and 0.5 is chance."""
    from sklearn.metrics import roc_auc_score

    return round(float(roc_auc_score(truth, scores)), 3)


def single_ratios(rows: list[dict[str, str]]) -> dict[str, list[float]]:
    """Quotients of the three columns, plus one below the line, for nobody divides by no followers."""
    columns = {name: np.array([float(row[header]) for row in rows]) for name, header in LANDING_COLUMNS.items()}
    pairs = [("following", "followers"), ("posts", "followers"), ("posts", "following")]
    return {f"{above} / {below}": list(columns[above] / (columns[below] + 1)) for above, below in pairs}


def measure(data: Path, **settings: object) -> tuple[list[Result], dict[str, object]]:
    """Compare; the results, and what they rest on. ``settings`` are further vars of the build."""
    rows = accounts(data)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        path, mapping = write_list(rows, folder)
        run(folder, "tribu", "import", str(path), "--mapping", str(mapping))
        with duckdb.connect(str(build(folder, {**SETTINGS, **settings})), read_only=True) as connection:
            found = connection.execute(
                "select influencers.handle, coalesce(signals.signals_sum_ratio, 0), signals.signals_known_count,"
                " signals.following_part from marts.authenticity_signals as signals"
                " inner join marts.dim_influencers as influencers using (influencer_key) order by influencer_key"
            ).fetchall()
    kept = [rows[int(handle.removeprefix("row_"))] for handle, *_ in found]
    truth = [row[LABEL] == "1" for row in kept]
    sums = [float(total) for _, total, *_ in found]
    results = [Result(SUM, auc=area(truth, sums))]
    for name, values in single_ratios(kept).items():
        above = area(truth, values)
        results.append(Result(name if above >= 0.5 else f"{name}, low", auc=max(above, round(1 - above, 3))))
    known = [count for *_, count, _ in found]
    facts: dict[str, object] = {
        "influencers": len(kept),
        "fakes": sum(truth),
        "signals known": f"{min(known)} to {max(known)}",
        "parts of 0": sum(part == 0 for *_, part in found),
        "parts unknown": sum(part is None for *_, part in found),
    }
    return results, facts


def benchmark(data: Path) -> Benchmark:
    """Build the list, and compare with the best single ratio."""
    results, facts = measure(data, algorithms=["kmeans"])
    total, *singles = results
    best = max(singles, key=lambda result: result.auc or 0.0)
    note = (
        f"best single ratio: {best.way} {best.auc:.3f}; the sum is {(total.auc or 0) - (best.auc or 0):+.3f} beside it"
    )
    return Benchmark("signals", facts, results, notes=[note])
