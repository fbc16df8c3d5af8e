"""What the portal costs, measured on an instance as in production: `make bench`, docs/figures.md.

The measuring process loads no Django: whatever needs it runs in a process of its own.
"""
