"""The tandems' year: meetings, overview, accompaniment, end."""
