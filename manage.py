#!/usr/bin/env python
"""Run a management command of Newsroom."""

import os
import sys


def main() -> None:
    """Run the command; a full disk or a database that does not answer is said in a sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    from django.core.management import execute_from_command_line
    from django.db import Error

    try:
        execute_from_command_line(sys.argv)
    except (Error, OSError) as error:
        from paper.outages import outage_of

        outage = outage_of(error)
        if outage is None or "--traceback" in sys.argv:
            raise
        sys.exit(f"{outage.message}\n{str(error).strip()}")


if __name__ == "__main__":
    main()
