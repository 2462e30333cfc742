"""Landing: what sources said, as text and as found, with where each value came from."""

from tribu.landing.store import write_batch

__all__ = ["write_batch"]
