"""Numbers in the messages of commands, which are in English."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """A number and its noun: ``1 account``, ``2,000 accounts``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
