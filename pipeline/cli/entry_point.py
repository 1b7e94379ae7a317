"""Starts the command `acopio`: Ctrl-C ends it quietly, with exit code 130, also while it is still being loaded."""

import sys


def run() -> None:
    """Load the command and run it; what Ctrl-C does from then on, `main` says."""
    try:
        from pipeline.cli.main import main
    except KeyboardInterrupt:
        sys.exit(130)
    main()
