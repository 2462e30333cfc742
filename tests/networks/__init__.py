"""Servers on loopback that answer as the networks do, and refuse what the networks would refuse."""
