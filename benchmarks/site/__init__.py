"""The site at a million influencers: bytes, time and memory."""
