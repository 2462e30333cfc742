"""The synthetic sample: influencers that do not exist, in the form in which real exports land.

It serves a first build without data, the tests, and (in other sizes) the benchmarks. Every account is drawn
from one of the archetypes of :mod:`tribu.sample.archetypes`. That one is the truth, returned beside
the landing tables and never in them. The same arguments give the same rows.
"""

from tribu.sample.generation import INFLUENCERS, SEED, Sample, generate, write_sample, write_truth

__all__ = ["INFLUENCERS", "SEED", "Sample", "generate", "write_sample", "write_truth"]
