"""Tribu: messy lists of influencers, turned into clusters that can be trusted, queried and shared."""

from importlib.metadata import version

__version__ = version("tribu")
