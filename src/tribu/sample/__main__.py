"""``python -m tribu.sample [OUT_DIR]``: write the sample again."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tribu.errors import TribuError
from tribu.project import find_places
from tribu.sample import INFLUENCERS, SEED, generate, write_sample, write_truth


def main(arguments: list[str] | None = None) -> int:
    """Write the sample; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tribu.sample", description="Write the synthetic sample.")
    parser.add_argument(
        "out_dir",
        nargs="?",
        type=Path,
        metavar="OUT_DIR",
        help="landing folder to write; without it the project's seeds/sample, and its truth with the tests",
    )
    parser.add_argument("--truth", type=Path, metavar="FILE", help="write the answer key (CSV) there")
    parser.add_argument("--influencers", type=int, default=INFLUENCERS, metavar="N")
    parser.add_argument("--seed", type=int, default=SEED, metavar="N")
    options = parser.parse_args(arguments)
    try:
        out_dir, truth = options.out_dir, options.truth
        if out_dir is None:
            root = find_places().root
            out_dir = root / "seeds" / "sample"
            truth = truth or root / "tests" / "truth" / "sample_archetypes.csv"
        sample = generate(influencers=options.influencers, seed=options.seed)
        write_sample(sample, out_dir)
        if truth is not None:
            write_truth(sample, truth)
    except TribuError as error:
        print(f"Error: {error}", file=sys.stderr)
        return error.exit_code
    print(
        f"{sample.truth.num_rows} influencers, {sample.accounts.num_rows} account rows, "
        f"{sample.posts.num_rows} post rows in {out_dir}",
        file=sys.stderr,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
