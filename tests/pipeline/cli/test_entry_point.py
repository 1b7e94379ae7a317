"""The command `acopio` starts, and Ctrl-C ends it at any moment."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.given import PATIENCE

ROOT = Path(__file__).parents[3]

_INTERRUPTED = """
import sys
class Finder:
    def find_spec(self, name, *_):
        if name == "click":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Finder())
"""


def start(before: str = "") -> subprocess.CompletedProcess[str]:
    """Run `acopio --version` by the entry point that is installed."""
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    module, _, function = scripts["acopio"].partition(":")
    code = f"{before}\nfrom {module} import {function}\n{function}()"
    return subprocess.run(
        [sys.executable, "-c", code, "--version"],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


def test_entry_point__without_ctrl_c__runs_the_command() -> None:
    done = start()
    assert (done.returncode, done.stderr) == (0, "")
    assert "version" in done.stdout


def test_entry_point__ctrl_c_while_it_is_loaded__ends_it_quietly() -> None:
    done = start(_INTERRUPTED)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
