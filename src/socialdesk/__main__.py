"""Starts socialdesk."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line and return the exit code."""
    from socialdesk.cli.entry import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
