"""Accepted models as files: each is readable JSON and enough to score anybody, so a history needs no warehouse.

A file holds what was asked (parameters), what was found (candidates, selection, figures) and what scores (scaling,
prototypes, keys). Nothing in it is code.
"""

from tribu.registry.acceptance import accept_model
from tribu.registry.sections import SECTIONS, accepted_section

__all__ = ["SECTIONS", "accept_model", "accepted_section"]
