"""Memory that nobody uses any more goes back to the system, also where libraries would keep it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

_PROGRAM = """
import sys
import pyarrow as pa
from pipeline.memory import give_back

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * 4096 // 1_000_000

if sys.argv[1] == "Arrow":
    taken = [pa.array(range(20_000)) for _ in range(400)]
else:
    taken = [str(number) * 8 for number in range(400_000)] + [dict.fromkeys(range(20)) for _ in range(50_000)]
    last = [str(number) * 8 for number in range(10)]
del taken
before = resident()
give_back()
print(before, resident())
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="tells the memory of a process where Linux does")
@pytest.mark.parametrize("whose", ["Arrow", "the C library"])
def test_memory__that_is_free__goes_back_to_the_system(whose: str) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    printed = subprocess.run(
        [sys.executable, "-c", _PROGRAM, whose], check=True, capture_output=True, text=True, env=environment
    )
    before, after = map(int, printed.stdout.split())
    assert after < before - 20
