"""The synthetic sample against its answer key (`tests/truth/sample_archetypes.csv`), which the build never sees.

The ceiling states how hard the sample is: a forest that is told the answer for nine tenths. No clustering, which is
told nothing, should be expected to come near it.
"""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

import duckdb
from benchmarks.quality.agreement import Aim, Benchmark, Result, compare
from benchmarks.quality.baselines import forest, notebook
from benchmarks.quality.builds import ROOT, build, feature_matrix, k_range, selected_candidate

TRUTH = ROOT / "tests" / "truth" / "sample_archetypes.csv"


def known_archetypes(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Archetype of each influencer by key, joined by the platform's id and, where no source gives it, by the handle."""
    with TRUTH.open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    by_id = {(row["platform"], row["account_id"]): row["archetype"] for row in rows}
    by_handle = {(row["platform"], row["handle"].lower()): row["archetype"] for row in rows}
    influencers = connection.execute("select influencer_key, platform, account_id, handle from marts.dim_influencers")
    found = {
        key: by_id.get((platform, account_id)) or by_handle.get((platform, (handle or "").lower()))
        for key, platform, account_id, handle in influencers.fetchall()
    }
    return {key: archetype for key, archetype in found.items() if archetype is not None}


def measure(warehouse: Path) -> tuple[list[Result], dict[str, object]]:
    """Compare Tribu, the notebook and the ceiling on one build; the results, and what they rest on."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        archetypes = known_archetypes(connection)
        keys = sorted(archetypes)
        truth = [archetypes[key] for key in keys]
        clusters = dict(connection.execute("select influencer_key, cluster_key from marts.dim_influencers").fetchall())
        selected, tried = selected_candidate(connection), k_range(connection)
        raw, scaled = (
            feature_matrix(connection, keys, f"features.{name}") for name in ("ftr_influencers", "ftr_scaled")
        )
    results = [
        compare("Tribu", truth, [clusters[key] for key in keys]),
        compare("notebook", truth, list(notebook(raw, tried))),
        compare("ceiling (supervised)", truth, list(forest(scaled, truth))),
    ]
    return results, {"influencers": len(keys), "archetypes": len(set(truth)), "selected": selected}


def benchmark() -> Benchmark:
    """Build the sample as it ships, and compare."""
    with tempfile.TemporaryDirectory() as folder:
        results, facts = measure(build(Path(folder), {"source": "sample"}))
    tribu, other, _ = (result.ari or 0.0 for result in results)
    aims = [
        Aim("Tribu's ARI at least 0.90", tribu >= 0.90),
        Aim("… and 0.10 above the notebook's", tribu >= other + 0.10),
    ]
    return Benchmark("sample", facts, results, aims)
