"""A person's second factor: added, proved at sign-in, asked of staff, lost and reset (product.md 4.5, 8)."""
