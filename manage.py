#!/usr/bin/env python3
"""Django's command line. Without DJANGO_SETTINGS_MODULE the portal is embedded: no server needed."""

import os
import sys


def main() -> None:
    """Run the command that the command line names."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.embedded")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
