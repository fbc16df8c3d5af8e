"""The pages of the doors, one module each."""
