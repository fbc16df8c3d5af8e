"""The affiliated companies, their declaring sites and their accounting firms."""
