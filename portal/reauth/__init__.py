"""Proving again who one is before what matters: five minutes at most go by (R37)."""
