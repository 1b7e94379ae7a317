"""A real Dask cluster reads and judges: the same bytes, whoever dies, from folders and from object storage."""

from __future__ import annotations

import pickle
import shutil
import socket
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from click.testing import CliRunner

from pipeline.cli.main import main
from pipeline.consolidation.consolidate import consolidate
from pipeline.consolidation.flow import Flow
from pipeline.consolidation.work import GROUPS, READING_CACHE, Work
from pipeline.hashed import code
from pipeline.publication.made_before import NOTE
from pipeline.receiving.isolation import Lost
from pipeline.receiving.receive import receive
from pipeline.receiving.register import History
from pipeline.simulation.simulate import simulate
from questionnaire.messages import LANGUAGES, say
from questionnaire.rounds.round import Round
from tests.dask_cluster import DaskCluster, dask_cluster
from tests.given import mini_round
from tests.journeys.test_demo_round import hashes
from tests.pipeline.cluster.deadly import FATAL, FATAL_ONCE
from tests.pipeline.cluster.worker_acts import act, die

if TYPE_CHECKING:
    from pipeline.cluster.cluster import Cluster
    from pipeline.cluster.storage import ClusterError

pytestmark = [pytest.mark.wide, pytest.mark.dask]

BUCKET = "returns"


@dataclass(frozen=True)
class Place:
    """A cluster of two workers, object storage, and the file that stands once a worker was killed."""

    dask: DaskCluster
    s3: str
    once: Path


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    from moto.server import ThreadedMotoServer

    folder = tmp_path_factory.mktemp("cluster")
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    access = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b",
        "AWS_DEFAULT_REGION": "us-east-1", "ACOPIO_TEST_ONCE": str(folder / "once"),
    }  # fmt: skip
    preload = ("--preload", str(Path(__file__).with_name("deadly.py")))
    # Without mercy, so that every death has to be made good by us.
    mercy = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
    with pytest.MonkeyPatch.context() as patch, dask_cluster(folder, [preload, preload], **access, **mercy) as dask:
        for name, value in access.items():
            patch.setenv(name, value)
        patch.setattr("pipeline.cluster.cluster._READ_TOGETHER", 3)
        _bucket()
        yield Place(dask, access["AWS_ENDPOINT_URL"], folder / "once")
    server.stop()


def _bucket() -> Any:
    import boto3

    bucket = boto3.resource("s3").Bucket(BUCKET)
    bucket.create()
    return bucket


def cluster(place: Place, storage: str = "") -> Cluster:
    from pipeline.cluster.cluster import Cluster

    return Cluster(place.dask.address, storage, patience=600)


@pytest.fixture(scope="module")
def round_(tmp_path_factory: pytest.TempPathFactory) -> Round:
    """A round with simulated returns, one whose reading kills a worker the first time, and one that aborts its reader."""
    found = mini_round(tmp_path_factory.mktemp("mini"))
    simulate(found, seed=1)
    first = min(found.returns.glob("*.xlsx")).read_bytes()
    (found.returns / "once.xlsx").write_bytes(first + FATAL_ONCE)
    (found.returns / "zeros.xlsx").write_bytes(bytes(1_000))
    return found


def run(round_: Round, folder: Path, engine: Cluster | None = None) -> tuple[dict[str, bytes], pd.DataFrame]:
    """What a run keeps of its readings and groups, and its register of returns."""
    files = receive(round_)
    # An earlier content of a name gives a finding that names the folder of the round.
    history = History(names={files[0].name: ("0" * 64,)})
    flow = Flow(round_, folder) if engine is None else Flow(round_, folder, engine=engine)
    made = consolidate(round_, flow.run(files, history).groups, files, folder / GROUPS, history)
    kept = [path for name in (READING_CACHE, GROUPS) for path in (folder / name).iterdir()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in kept}, made.returns


@pytest.fixture(scope="module")
def alone(round_: Round, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What a run without any cluster keeps."""
    kept, register = run(round_, tmp_path_factory.mktemp("alone"))
    assert any(b"mini/store" in content for content in kept.values())
    assert "accepted" in set(register["verdict"])
    return kept


def test_consolidate__two_workers_one_of_which_is_killed__give_the_same_bytes(
    place: Place, round_: Round, alone: dict[str, bytes], tmp_path: Path
) -> None:
    place.once.unlink(missing_ok=True)
    with cluster(place) as workers:
        assert run(round_, tmp_path, workers)[0] == alone
        assert place.once.exists(), "a worker was killed"
    assert list((tmp_path / ".cluster").iterdir()) == []


def test_consolidate__a_file_that_kills_every_worker__is_one_row_of_the_register(
    place: Place, round_: Round, tmp_path: Path
) -> None:
    expected = run(round_, tmp_path / "alone")[1].set_index("file")
    fatal = round_.returns / "fatal.xlsx"
    fatal.write_bytes(min(round_.returns.glob("*.xlsx")).read_bytes() + FATAL)
    try:
        with cluster(place) as workers:
            found = run(round_, tmp_path / "cluster", workers)[1].set_index("file")
    finally:
        fatal.unlink()
    assert list(found.loc["fatal.xlsx", ["verdict", "reason"]]) == ["not_usable", "reading_died"]
    assert found.drop(index="fatal.xlsx").to_csv() == expected.to_csv()


def test_consolidate__object_storage__gives_the_same_bytes_and_holds_what_workers_made(
    place: Place, round_: Round, alone: dict[str, bytes], tmp_path: Path
) -> None:
    with cluster(place, f"s3://{BUCKET}/mini/") as workers:
        assert run(round_, tmp_path / "first", workers)[0] == alone
        kept = {entry.key.removeprefix("mini/"): entry.get()["Body"].read() for entry in _bucket().objects.all()}
        assert {name: content for name, content in kept.items() if name in alone} == alone
        stored = {f"store/{file.sha256[:2]}/{file.sha256}" for file in receive(round_) if file.is_return}
        assert {name for name in kept if not name.startswith(".cluster/")} == {*alone, *stored}
        key = round_.key
        assert key is not None
        assert not [name for name, content in kept.items() if key in content or key.hex().encode() in content]
        # One that begins with nothing finds all that it needs there, once it has sent what was read.
        shutil.copytree(tmp_path / "first" / READING_CACHE, tmp_path / "second" / READING_CACHE)
        for entry in _bucket().objects.all():
            entry.delete()
        assert run(round_, tmp_path / "second", workers)[0] == alone
    sent = {entry.key.removeprefix("mini/") for entry in _bucket().objects.all()}
    assert {name for name in alone if name.startswith(READING_CACHE)} <= sent
    assert not [entry.key for entry in _bucket().objects.all() if "/.cluster/" in entry.key]


def test_consolidate__chunks_that_no_worker_judges__are_judged_here(
    place: Place, round_: Round, alone: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.cluster.cluster.judge_some", die)
    with cluster(place) as workers:
        assert run(round_, tmp_path, workers)[0] == alone


def test_consolidate__by_command__publishes_what_a_run_without_a_cluster_publishes(
    place: Place, round_: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.cli.dataset.open_round", lambda _: round_)
    command, of_cluster = ["consolidate", str(round_.folder)], ["--engine", "dask", "--scheduler", place.dask.address]
    published = []
    for options in ([], of_cluster):
        for made in (READING_CACHE, GROUPS):
            shutil.rmtree(round_.outputs / made, ignore_errors=True)
        (round_.outputs / NOTE).unlink(missing_ok=True)
        done = CliRunner().invoke(main, [*command, *options])
        assert done.exit_code == 0, done.output
        published.append((done.stdout, hashes(round_.outputs)))
    assert published[0] == published[1]


def test_map__whatever_dies_in_a_chunk__is_found_by_halving_and_lost_alone(place: Place, tmp_path: Path) -> None:
    with cluster(place) as workers:
        chunks = [["a", "b"], ["c", "die", "d", "e", f"once {tmp_path / 'x'}"], ["f"]]
        found = list(workers._workers.map(act, "s", iter(chunks)))
    lost = [chunk for chunk, result in found if isinstance(result, Lost)]
    assert lost == [["die"]]
    given = sorted(item for _, result in found if not isinstance(result, Lost) for item in result)
    assert given == ["s a", "s b", "s c", "s d", "s e", "s f", f"s once {tmp_path / 'x'}"]


def test_map__a_task_that_the_scheduler_gave_up__is_done_again(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    given_up: list[Any] = []
    with cluster(place) as workers:
        client = workers._workers._client
        submit = client.submit

        def submitted(*arguments: Any, **named: Any) -> Any:
            future = submit(*arguments, **named)
            if not given_up:
                given_up.append(future)
                future.cancel()
            return future

        monkeypatch.setattr(client, "submit", submitted)
        found = list(workers._workers.map(act, "s", iter([["a"], ["b"]])))
    assert [future.status for future in given_up] == ["cancelled"]
    assert sorted(found) == [(["a"], ["s a"]), (["b"], ["s b"])]


def test_map__what_a_function_raises__ends_the_run(place: Place) -> None:
    with cluster(place) as workers, pytest.raises(ValueError, match="no such thing"):
        list(workers._workers.map(act, "s", iter([["a"], ["raise no such thing"]])))


def fault(error: ClusterError) -> tuple[str, set[str]]:
    for language in LANGUAGES:
        assert say("cluster", error.key, language, **error.values)
    return error.key, set(error.values)


def test_cluster__a_worker_with_other_libraries__is_refused_by_name(
    place: Place, round_: Round, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.cluster.on_worker import read_some
    from pipeline.cluster.storage import ClusterError

    file = next(file for file in receive(round_) if file.is_return)
    # Who can write into the storage must not thereby run code in a worker.
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "0").write_bytes(pickle.dumps(round_))
    with cluster(place) as workers:
        order = workers._order(Work(round_, tmp_path))
        for changed, key in (
            (replace(order, code="other"), "versions_differ"),
            (replace(order, declaration="x/0"), "storage_not_shared"),
        ):
            with pytest.raises(ClusterError) as raised:
                list(workers._workers.map(read_some, changed, iter([[file]])))
            assert raised.value.key == key
            assert str(raised.value.values["worker"]).startswith("tcp://127.0.0.1:")
    (tmp_path / "other-1.0.dist-info").mkdir()
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    code.cache_clear()
    with pytest.raises(ClusterError) as raised, cluster(place):
        pass
    monkeypatch.undo()
    code.cache_clear()
    assert fault(raised.value) == ("versions_differ", {"worker", "what"})
    assert raised.value.values["what"] == "+ other-1.0.dist-info"


def test_storage__what_is_not_there__is_left_out_and_what_cannot_be_read_is_reported(tmp_path: Path) -> None:
    from pipeline.cluster.storage import ClusterError, Storage

    storage = Storage(str(tmp_path))
    storage.write({"a/b": b"1"})
    assert storage.read(["a/b", "c"]) == {"a/b": b"1"}
    assert storage.names() == {"a/b"}
    with pytest.raises(ClusterError) as raised:
        storage.read(["a"])
    assert fault(raised.value) == ("storage_refused", {"url", "reason"})


@pytest.mark.parametrize("url", ["s3://nowhere/x", "unheard://of"])
def test_cluster__storage_that_refuses__is_named(place: Place, round_: Round, tmp_path: Path, url: str) -> None:
    from pipeline.cluster.storage import ClusterError

    with cluster(place, url) as workers, pytest.raises(ClusterError) as raised:
        run(round_, tmp_path, workers)
    assert fault(raised.value) == ("storage_refused", {"url", "reason"})
    assert raised.value.values["url"] == url


def test_consolidate__no_scheduler_at_the_address__says_so_in_the_language_of_the_round(
    round_: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.cluster.workers._CONNECTING", 1)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        monkeypatch.setattr("pipeline.cli.dataset.open_round", lambda _: round_)
        done = CliRunner().invoke(main, ["consolidate", str(round_.folder), "--engine", "dask", "--scheduler", address])
    assert done.exit_code == 2
    assert f"No Dask scheduler answers at {address}" in done.stderr


@pytest.mark.parametrize(
    "address", ["nonsense", "tcp://10.0.0.5", "http://10.0.0.5:8786", "10.0.0.5:99999", "a..b:8786"]
)
def test_cluster__what_cannot_be_an_address__is_named_before_anything_is_begun(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    from pipeline.cluster.cluster import Cluster
    from pipeline.cluster.storage import ClusterError

    # One that could not begin waits for its end, and says so in Dask's own words when the command is over.
    monkeypatch.setattr("pipeline.cluster.workers.Client", None)
    with pytest.raises(ClusterError) as raised, Cluster(address):
        pass
    assert fault(raised.value) == ("no_address", {"address"})


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n"])
def test_cluster__another_program_at_the_address__is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    from pipeline.cluster.cluster import Cluster
    from pipeline.cluster.storage import ClusterError

    monkeypatch.setattr("pipeline.cluster.workers._CONNECTING", 1)
    with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor() as pool:
        connected = pool.submit(_answered, server, answer)
        with pytest.raises(ClusterError) as raised, Cluster(f"tcp://127.0.0.1:{server.getsockname()[1]}"):
            pass
        connected.result().close()
    assert fault(raised.value) == ("no_greeting", {"address"})


def _answered(server: socket.socket, answer: bytes) -> socket.socket:
    connection, _ = server.accept()
    connection.sendall(answer)
    return connection


def test_cluster__a_scheduler_without_workers__is_waited_for_and_then_named(tmp_path: Path) -> None:
    from pipeline.cluster.cluster import Cluster
    from pipeline.cluster.storage import ClusterError

    with dask_cluster(tmp_path, []) as dask:
        with pytest.raises(ClusterError) as raised, Cluster(dask.address, patience=0.1):
            pass
        assert fault(raised.value) == ("no_workers", {"address", "seconds"})


def test_consolidate__no_address__starts_workers_that_no_other_machine_reaches() -> None:
    import psutil

    from pipeline.cluster.cluster import Cluster

    with Cluster(jobs=1) as workers:
        processes = [psutil.Process(), *psutil.Process().children(recursive=True)]
        places = [place for process in processes for place in process.net_connections("inet") if not place.raddr]
        assert {place.laddr.ip for place in places} == {"127.0.0.1"}
        [(chunk, found)] = workers._workers.map(act, "s", iter([["a"]]))
        assert (chunk, found) == (["a"], ["s a"])
