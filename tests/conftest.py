"""Declares what every test shares, the tools some need and how hypothesis draws; never holds test data."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

os.environ["GX_ANALYTICS_ENABLED"] = "False"

# Whoever starts the tests in the background of a shell has Ctrl-C ignored, also in what they start and stop.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Every run draws the same examples, so that a failure seen once is seen again, and no clock decides.
# HYPOTHESIS_PROFILE=explore draws others, and more of them; unshrunk spends no time on making a failure smaller.
settings.register_profile(
    "ci", derandomize=True, deadline=None, database=None, print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
settings.register_profile("unshrunk", settings.get_profile("ci"), phases=(Phase.explicit, Phase.generate))
settings.register_profile("explore", settings.get_profile("ci"), derandomize=False, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@cache
def _find_soffice() -> Path | None:
    return _on_path("soffice", "libreoffice")


@cache
def find_uno_python() -> Path | None:
    """Return a Python that can import uno: the system's, or the one inside LibreOffice's own folder."""
    soffice = _find_soffice()
    beside = [soffice.resolve().parent / "python"] if soffice else []
    for candidate in [Path("/usr/bin/python3"), *beside]:
        if candidate.exists() and _runs([candidate, "-c", "import uno"]):
            return candidate
    return None


@cache
def _find_chromium() -> Path | None:
    return _on_path("chromium", "chromium-browser", "google-chrome")


@cache
def _find_ssconvert() -> Path | None:
    return _on_path("ssconvert")


@cache
def _find_dovecot() -> Path | None:
    # Debian puts it where only a superuser looks; its protocols come in packages of their own.
    imap = Path("/usr/lib/dovecot/imap")
    return (_on_path("dovecot") or next(iter(Path("/usr/sbin").glob("dovecot")), None)) if imap.exists() else None


@cache
def _find_pdftoppm() -> Path | None:
    return _on_path("pdftoppm")


def _runs(command: list[str | Path]) -> bool:
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def _on_path(*names: str) -> Path | None:
    return next((Path(found) for name in names if (found := shutil.which(name))), None)


def _find_module(name: str) -> Callable[[], Path | None]:
    return lambda: Path(found.origin) if (found := find_spec(name)) and found.origin else None


_CLUSTER = ("distributed", "s3fs", "moto", "flask_cors")

# marker -> what is missing without it, and how to find each part
TOOLS: dict[str, tuple[str, list[Callable[[], Path | None]]]] = {
    "libreoffice": (
        "LibreOffice Calc and its Python bridge (python3-uno)",
        [_find_soffice, find_uno_python],
    ),
    "chromium": ("Chromium", [_find_chromium]),
    "gnumeric": ("Gnumeric (ssconvert)", [_find_ssconvert]),
    "dovecot": ("Dovecot's IMAP server (dovecot-imapd) and openssl", [_find_dovecot, lambda: _on_path("openssl")]),
    "dask": ("Dask, s3fs and moto (requirements-dask.lock; make test-all installs it)", [*map(_find_module, _CLUSTER)]),
    "poppler": ("poppler-utils (pdftoppm, pdftotext)", [_find_pdftoppm]),
}


def pytest_collection_finish() -> None:
    """Look seldom for garbage in cycles, and never among what is loaded: it was a sixth of the computing of tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose tool is missing, or fail it where ACOPIO_REQUIRE_TOOLS=1 promises every tool."""
    for marker, (name, parts) in TOOLS.items():
        if item.get_closest_marker(marker) is None or all(find() for find in parts):
            continue
        if os.environ.get("ACOPIO_REQUIRE_TOOLS") == "1":
            pytest.fail(
                f"{name} is not installed, and ACOPIO_REQUIRE_TOOLS=1 asks for it: run .ci/install-tools",
                False,
            )
        pytest.skip(f"{name} is not installed; .ci/install-tools installs it")


@pytest.fixture(scope="session")
def soffice() -> Path:
    """LibreOffice's program; mark the test `libreoffice`."""
    return _present(_find_soffice(), "libreoffice")


@pytest.fixture(scope="session")
def uno_python() -> Path:
    """A Python interpreter that can import uno; mark the test `libreoffice`."""
    return _present(find_uno_python(), "libreoffice")


@pytest.fixture(scope="session")
def ssconvert() -> Path:
    """Gnumeric's converter; mark the test `gnumeric`."""
    return _present(_find_ssconvert(), "gnumeric")


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Chromium's program; mark the test `chromium`."""
    return _present(_find_chromium(), "chromium")


def _present(tool: Path | None, marker: str) -> Path:
    assert tool is not None, f"a test that uses this fixture carries the marker `{marker}`"
    return tool
