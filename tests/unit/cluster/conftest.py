"""Points with a known answer, as the tables that the library takes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray

TableOf = Callable[[NDArray[np.float64]], pa.Table]


@pytest.fixture(scope="session")
def table_of() -> TableOf:
    def build(values: NDArray[np.float64]) -> pa.Table:
        columns = {"influencer_key": pa.array([f"i{row:05d}" for row in range(len(values))], pa.string())}
        columns |= {f"f{column}": pa.array(values[:, column], pa.float64()) for column in range(values.shape[1])}
        return pa.table(columns)

    return build


@pytest.fixture(scope="session")
def blobs() -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Four clouds of 300, 200, 100 and 50 points around corners that are six standard deviations apart."""
    rng = np.random.default_rng(7)
    corners = np.array([[0, 0, 0], [6, 0, 0], [0, 6, 0], [0, 0, 6]], dtype=float)
    labels = np.repeat(np.arange(4), [300, 200, 100, 50])
    return corners[labels] + rng.normal(size=(650, 3)), labels
