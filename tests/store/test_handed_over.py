"""Files that leave: whole with their manifest and recorded first, or not at all."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.errors import Fault, UserError
from assistant.store.handed_over import Written, manifest_of, publish


def write(path: Path) -> None:
    path.write_bytes(b"one_id\n1\n")


def describe(written: Written) -> bytes:
    return written.sha256.encode()


def nothing(written: Written) -> None:
    del written


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def test_data_and_manifest_are_there_for_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    written = publish(path, write, describe, nothing)
    assert names(tmp_path) == ["list.csv", "list.csv.manifest.json"]
    assert written == Written(path, 9, hashlib.sha256(b"one_id\n1\n").hexdigest())
    assert manifest_of(path).read_bytes() == written.sha256.encode()
    assert [one.stat().st_mode & 0o777 for one in tmp_path.iterdir()] == [0o600, 0o600]


def test_it_is_recorded_before_it_is_seen(tmp_path: Path) -> None:
    seen: list[tuple[list[str], str]] = []

    def record(written: Written) -> None:
        seen.append(([one for one in names(tmp_path) if not one.startswith(".")], written.sha256))

    written = publish(tmp_path / "list.csv", write, describe, record)
    assert seen == [([], written.sha256)]


def test_what_cannot_be_recorded_leaves_nothing(tmp_path: Path) -> None:
    def refuses(written: Written) -> None:
        raise Fault("store_failed")

    with pytest.raises(Fault, match="store_failed"):
        publish(tmp_path / "list.csv", write, describe, refuses)
    assert names(tmp_path) == []


def test_nothing_is_written_over(tmp_path: Path) -> None:
    recorded: list[Written] = []
    taken = tmp_path / "taken.csv"
    taken.write_text("mine", encoding="utf-8")
    dangling = tmp_path / "link.csv"
    dangling.symlink_to(tmp_path / "elsewhere")
    for path in (taken, dangling, tmp_path):
        with pytest.raises(UserError, match="export_exists"):
            publish(path, write, describe, recorded.append)
    assert taken.read_text(encoding="utf-8") == "mine"
    assert not recorded


def test_of_two_at_once_one_gets_the_name(tmp_path: Path) -> None:
    recorded: list[Written] = []

    def one(number: int) -> bool:
        def write_number(path: Path) -> None:
            path.write_text(f"{number}\n", encoding="utf-8")

        try:
            publish(tmp_path / "list.csv", write_number, describe, recorded.append)
        except UserError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(one, range(8)))
    assert sum(won) == len(recorded) == 1
    assert hashlib.sha256((tmp_path / "list.csv").read_bytes()).hexdigest() == (tmp_path / "list.csv.manifest.json").read_text()


def test_where_the_disk_refuses_it_is_told(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere" / "list.csv", tmp_path / ("x" * 250 + ".csv")):
        with pytest.raises(UserError, match="export_unwritable"):
            publish(path, write, describe, nothing)
    assert names(tmp_path) == []


def test_what_the_dead_left_is_swept_and_what_the_living_hold_is_not(tmp_path: Path) -> None:
    dead = tmp_path / ".dead.handing-over"
    dead.mkdir()
    (dead / "data").write_text("half", encoding="utf-8")

    def writes_while_another_does(path: Path) -> None:
        publish(tmp_path / "inner.csv", write, describe, nothing)
        assert path.parent.is_dir()
        write(path)

    publish(tmp_path / "outer.csv", writes_while_another_does, describe, nothing)
    assert names(tmp_path) == ["inner.csv", "inner.csv.manifest.json", "outer.csv", "outer.csv.manifest.json"]
