"""How many records a file holds, and where: line ends by kind, inside quotation marks and outside.

DuckDB's parser is fast, and for well-formed files it is right. On damaged ones it can lose records without a word: it
takes the first line end of a file for that of all its records (the one inside a quoted header cell too), and drops
what follows a quotation mark that is never closed. So its count is compared with the one made here, by other means.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

_CHUNK: Final = 1 << 20


@dataclass
class NewlineCounter:
    """Counts line ends by kind over the chunks of a file, inside quotation marks and outside."""

    lf: int = 0
    crlf: int = 0
    cr: int = 0
    _after_cr: bool = False

    def update(self, chunk: bytes) -> None:
        """Count the line ends of the next chunk."""
        pairs = chunk.count(b"\r\n")
        self.crlf += pairs
        self.lf += chunk.count(b"\n") - pairs
        self.cr += chunk.count(b"\r") - pairs
        if self._after_cr and chunk.startswith(b"\n"):
            self.crlf += 1
            self.lf -= 1
            self.cr -= 1
        self._after_cr = chunk.endswith(b"\r")

    def only(self) -> str | None:
        """The one kind of line end, a line feed when there is none at all, None when there are several."""
        kinds = [kind for kind, count in (("\n", self.lf), ("\r\n", self.crlf), ("\r", self.cr)) if count]
        if len(kinds) > 1:
            return None
        return kinds[0] if kinds else "\n"


def count_records(path: Path, *, quote: str, start: int, chunk_size: int = _CHUNK) -> int | None:
    """Number of records from offset ``start`` on, if every quotation mark there opens or closes a cell.

    A line end after an even number of quotation marks ends a record; blank lines are none. In a file with stray
    quotation marks the number is wrong, which is what the comparison with the parser's is to find out; None when one
    stays open at the end.

    Parameters
    ----------
    path
        File in UTF-8 (or any encoding in which quotation marks and line ends are single bytes).
    quote
        The quotation mark, or nothing.
    start
        Where the first record begins.
    chunk_size
        Bytes looked at at a time.
    """
    records, open_bytes, inside = 0, 0, np.uint8(0)
    with path.open("rb") as stream:
        stream.seek(start)
        while chunk := stream.read(chunk_size):
            data = np.frombuffer(chunk, dtype=np.uint8)
            ends = (data == ord("\n")) | (data == ord("\r"))
            if quote:
                parity = np.bitwise_xor.accumulate((data == ord(quote)).view(np.uint8)) ^ inside
                ends &= parity == 0
                inside = parity[-1]
            places = np.flatnonzero(ends)
            if not places.size:
                open_bytes += len(chunk)
                continue
            # A record is what stands between two line ends that are not neighbours.
            records += int(np.count_nonzero(np.diff(places) > 1)) + int(open_bytes + places[0] > 0)
            open_bytes = len(chunk) - 1 - int(places[-1])
    return None if inside else records + int(open_bytes > 0)


def line_numbers(source: Path, positions: Iterable[int], *, begin: int = 0) -> list[int]:
    """Line, from 1 at ``begin`` and as an editor counts, of each of the ascending offsets ``positions``."""
    counter = NewlineCounter()
    done = begin
    lines: list[int] = []
    with source.open("rb") as stream:
        stream.seek(begin)
        for position in positions:
            while done < position:
                chunk = stream.read(min(_CHUNK, position - done))
                if not chunk:
                    break
                counter.update(chunk)
                done += len(chunk)
            lines.append(counter.lf + counter.crlf + counter.cr + 1)
    return lines
