"""Throttling of every door, counted in locked database rows: Redis may be away (R06–R13)."""
