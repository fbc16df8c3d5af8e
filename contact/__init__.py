"""Reaching the caisse."""
