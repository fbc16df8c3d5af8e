"""The lines that a process writes, what never stands in them, and the id that ties them together."""
