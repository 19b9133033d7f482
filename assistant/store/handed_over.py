"""Files that leave the house. Law: a file is seen whole, with its manifest beside it and its audit event before it, or it is not seen; none is ever written over.

Data and manifest are written in a folder of their own that only its owner may enter, and brought to the disk; then the event is recorded; then the manifest gets its name, and after it the
data, each by one rename. Whoever sees the data sees its manifest. A process that dies leaves at most its folder, which the next one sweeps away (its lock is free), and a manifest of data
that never came.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import UserError

MANIFEST = ".manifest.json"
_UNFINISHED = ".handing-over"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Written:
    """A file as it will be seen: its bytes counted and their SHA-256 in hexadecimal."""

    path: Path
    size: int
    sha256: str

    @property
    def manifest(self) -> Path:
        """Where its manifest is."""
        return manifest_of(self.path)


def manifest_of(path: Path) -> Path:
    """The manifest beside a file."""
    return path.with_name(path.name + MANIFEST)


def publish(path: Path, write: Callable[[Path], None], manifest: Callable[[Written], bytes], record: Callable[[Written], None]) -> Written:
    """Make a file: `write` fills the path it is given, `manifest` gives the bytes of its manifest, `record` keeps what leaves. What `record` raises undoes everything.

    UserError `export_exists` for a path that is taken, `export_unwritable` (path, fault) where the disk refuses.
    """
    try:
        _free(path)
        with _own_folder(path) as folder:
            data, note = folder / "data", folder / "manifest"
            write(data)
            written = _on_disk(data, path)
            note.write_bytes(manifest(written))
            _on_disk(note, path)
            with _turn(path.parent) as beside:
                _free(path)
                record(written)
                note.replace(written.manifest)
                data.rename(path)
                os.fsync(beside)
        return written
    except OSError as error:
        raise UserError("export_unwritable", path=str(path), fault=error.strerror or type(error).__name__) from error


def _free(path: Path) -> None:
    if path.exists() or path.is_symlink():
        raise UserError("export_exists", path=str(path))


def _on_disk(file: Path, path: Path) -> Written:
    """Bring a file to the disk, readable for its owner alone."""
    digest, size = hashlib.sha256(), 0
    with file.open("rb") as opened:
        os.fchmod(opened.fileno(), 0o600)
        while chunk := opened.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
        os.fsync(opened.fileno())
    return Written(path, size, digest.hexdigest())


@contextmanager
def _turn(folder: Path) -> Iterator[int]:
    """The folder's handle, locked: processes that name files in it take turns. The system lets go of the lock of one that dies."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


@contextmanager
def _own_folder(path: Path) -> Iterator[Path]:
    """A folder beside the path for what is not finished, locked while its maker lives; those of the dead are swept away."""
    with _turn(path.parent):
        for left in path.parent.glob(f".*{_UNFINISHED}"):
            _sweep(left)
        folder = Path(tempfile.mkdtemp(prefix=".", suffix=_UNFINISHED, dir=path.parent))
        handle = os.open(folder, os.O_RDONLY)
        fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def _sweep(folder: Path) -> None:
    """Remove a folder whose maker is dead; one that somebody else owns is theirs to sweep."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    else:
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(handle)
