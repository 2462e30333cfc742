"""What kill -9 leaves of each command, at moments drawn from a seed: `make bench-reliability`."""
