"""An engine is chosen by name; whoever lacks what it needs is told what to install, and needs it for nothing else."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli.main import main
from questionnaire.messages import LANGUAGES, keys, wording
from tests.given import mini_round


@pytest.mark.parametrize("option", ["--scheduler", "--storage"])
def test_consolidate__what_is_of_a_cluster_without_one__is_a_wrong_command(
    option: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_ = mini_round(tmp_path)
    monkeypatch.setattr("pipeline.cli.dataset.open_round", lambda _: round_)
    done = CliRunner().invoke(main, ["consolidate", str(round_.folder), option, "tcp://127.0.0.1:1"])
    assert done.exit_code == 2
    assert "--scheduler and --storage are of --engine dask" in done.stderr


def test_consolidate__without_the_extra__says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    round_ = mini_round(tmp_path)
    monkeypatch.setattr("pipeline.cli.dataset.open_round", lambda _: round_)
    for name in [*sys.modules]:
        if name.startswith("pipeline.cluster."):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "distributed", None)
    done = CliRunner().invoke(main, ["consolidate", str(round_.folder), "--engine", "dask"])
    assert done.exit_code == 2
    assert "pip install 'acopio[dask]'" in done.stderr
    assert not round_.outputs.exists()
    # A round without returns needs nothing of it.
    assert CliRunner().invoke(main, ["consolidate", str(round_.folder)]).exit_code == 1


def test_cluster__every_reason__is_worded_in_every_language_with_what_it_names() -> None:
    root = Path(__file__).parents[3] / "pipeline"
    code = "\n".join(path.read_text(encoding="utf-8") for path in (root / "cluster").glob("*.py"))
    used = {key for key in keys("cluster") if f'ClusterError("{key}"' in code} | {"not_installed"}
    assert used == set(keys("cluster"))
    assert code.count('ClusterError("') == code.count('raise ClusterError("')
    for key in used:
        assert set(wording("cluster", key)) == set(LANGUAGES)
