"""The rule of a cluster as a query that people can read and run. Pure."""

from __future__ import annotations


def rule_query(predicate: str) -> str:
    """Write the query that picks whom a rule describes."""
    return f"select *\nfrom marts.dim_influencers\nwhere {query_lines(predicate)}"


def query_lines(predicate: str) -> str:
    """Begin a line with each ``or`` that stands outside brackets and quotes; nothing but white space changes."""
    depth, quoted, written = 0, False, ""
    for position, character in enumerate(predicate):
        if character == "'":
            quoted = not quoted
        elif not quoted:
            depth += (character == "(") - (character == ")")
            if depth == 0 and character == " " and predicate.startswith(" or ", position):
                written += "\n  "
                continue
        written += character
    return written
