"""People: their accounts, the letters and doors by which they come in."""
