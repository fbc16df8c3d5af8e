"""Browsers' sessions: rows of ours, so that they end on time and are listed to whoever they belong to."""
