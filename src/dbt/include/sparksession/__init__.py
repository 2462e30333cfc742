"""Macros of the adapter."""
