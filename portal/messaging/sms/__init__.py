"""SMS: a row first, handed over once to a gateway behind one small interface."""
