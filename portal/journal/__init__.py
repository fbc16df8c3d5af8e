"""The append-only record of who did what, for which site, when and from where (product.md 6.6)."""
