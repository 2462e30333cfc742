"""How fast a build is, where its time goes, and beside what."""
