"""The embedded portal: everything started with one command, and an invented caisse to try it on.

Stands on top of every app: only commands live here.
"""
