"""Files for other tools: the marts as Parquet or CSV, and a project for Evidence.

A leaf: nothing else in Tribu knows it. It reads the warehouse, writes one folder whole or not at all, and can be
deleted with its command.
"""
