"""Forgetting people: finding all that is kept of somebody, and writing it anew without them."""
