"""What collecting asks, gets and keeps, from every server that the tests have, and what kill -9 leaves.

Every figure is counted, none is timed, so each run prints the same. Run it with `make bench-collecting`; the tables
stand in docs/collecting.md, where a test compares them.
"""
