"""The project: settings, addresses, and what every app stands on. Imports no app."""
