"""Reads and writes the files that a run shares with its workers: in a folder that all see, or in object storage."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from pipeline.files import write_whole

_AT_A_TIME = 50
"""Files of which the contents are in memory together, and on their way together."""


class ClusterError(Exception):
    """Why a cluster cannot do the work: the key of a sentence in `wordings/cluster.toml`, and what fills it in."""

    def __init__(self, key: str, values: Mapping[str, object]) -> None:
        super().__init__(key, values)
        self.key, self.values = key, values


@dataclass(frozen=True)
class Storage:
    """Some files, each under a name with slashes; `url` is a folder or what fsspec understands, such as s3://…/….

    Every method raises ClusterError where the storage does not do what is asked.
    """

    url: str

    def names(self) -> set[str]:
        """The names of all files that are there."""
        with self._opened() as (files, root):
            found = files.find(root)
        return {str(path).removeprefix(root).lstrip("/") for path in found}

    def read(self, names: Iterable[str]) -> dict[str, bytes]:
        """The contents of files, without those that are not there."""
        with self._opened() as (files, root):
            paths = {f"{root}/{name}": name for name in names}
            found = files.cat(list(paths), on_error="return") if paths else {}
            for content in found.values():
                if isinstance(content, Exception) and not isinstance(content, FileNotFoundError):
                    raise content
        return {paths[path]: content for path, content in found.items() if isinstance(content, bytes)}

    def write(self, contents: Mapping[str, bytes]) -> None:
        """Write files, each whole or not at all."""
        with self._opened() as (files, root):
            if "file" in files.protocol:
                for name, content in contents.items():
                    write_whole(Path(root, name), content)
            elif contents:
                files.pipe({f"{root}/{name}": content for name, content in contents.items()})

    def remove(self, name: str) -> None:
        """Delete a file."""
        with self._opened() as (files, root):
            files.rm(f"{root}/{name}")

    @contextmanager
    def _opened(self) -> Iterator[tuple[Any, str]]:
        from fsspec.core import url_to_fs  # noqa: PLC0415 - nobody else needs it

        try:
            files, root = url_to_fs(self.url)
            files.invalidate_cache()
            yield files, root.rstrip("/")
        except Exception as error:
            # Each sort of storage has exceptions of its own, and none promises which.
            reason = f"{type(error).__name__}: {error}"
            raise ClusterError("storage_refused", {"url": self.url, "reason": reason}) from error


@dataclass
class Shelf:
    """A folder of this machine and the storage that holds the same files; a name stands for one content for ever.

    `there` are the names known to be in the storage.
    """

    storage: Storage
    folder: Path
    there: set[str] = field(default_factory=set)

    def send(self, names: Iterable[str]) -> None:
        """Put files of the folder into the storage; those that are gone are left out."""
        for some in _some(name for name in names if name not in self.there and (self.folder / name).is_file()):
            self.storage.write({name: (self.folder / name).read_bytes() for name in some})
            self.there.update(some)

    def bring(self, names: Iterable[str]) -> None:
        """Put files of the storage into the folder; those that are gone are left out."""
        for some in _some(name for name in names if not (self.folder / name).exists()):
            for name, content in self.storage.read(some).items():
                write_whole(self.folder / name, content)


def _some(names: Iterable[str]) -> Iterator[list[str]]:
    names = iter(names)
    while some := list(islice(names, _AT_A_TIME)):
        yield some
