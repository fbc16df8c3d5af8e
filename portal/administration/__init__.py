"""Django's admin as the caisse's staff see it."""
