"""Tag requests kept for the catalog's owner: one JSON line each time one is submitted. Law: a line is only ever added, whole; asking twice for one tag is counted.

The file may be read and edited by hand. Two lines are one request when they ask for the same words, kind, records and property.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from assistant.errors import UserError


@dataclass(frozen=True, slots=True)
class TagRequest:
    """One tag asked for. `words`: what the catalog lacks, `definition`: the request it was said in, both as typed; `kind`, `record`, `of` (the property): what is suggested
    (empty = nothing); `spread`: the dry run, (condition in Chinese, in English, customers as shown); `at`: ISO time of the submission; `as_of`: data date of the dry run."""

    words: str
    definition: str
    kind: str
    record: str = ""
    of: str = ""
    nearest: tuple[str, ...] = ()
    spread: tuple[tuple[str, str, str], ...] = ()
    as_of: str = ""
    at: str = ""
    user: str = ""

    @property
    def same(self) -> tuple[str, ...]:
        """What makes two of them one request."""
        return " ".join(self.words.casefold().split()), self.kind, self.record, self.of


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with how often it was submitted, when first and when last; the request is the last submission."""

    request: TagRequest
    times: int
    first_at: str
    last_at: str


class TagRequests:
    """The requests in one file, made when the first one is submitted."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def submit(self, request: TagRequest) -> Asked:
        """Keep a request; how often it has been submitted now. UserError `requests_file` when the file cannot be written or read."""
        line = json.dumps(asdict(request), ensure_ascii=False) + "\n"
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # One write to a file opened for appending: a line is there whole or not at all, whoever else is writing.
            descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(descriptor, line.encode("utf-8"))
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise UserError("requests_file", path=str(self.path), fault=error.strerror or type(error).__name__) from error
        return next(one for one in self.all() if one.request.same == request.same)

    def all(self) -> tuple[Asked, ...]:
        """Every request once, most often asked first, then in the order they were first asked. UserError `requests_file` for a line that is none."""
        try:
            lines = self.path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return ()
        except (OSError, ValueError) as error:
            raise UserError("requests_file", path=str(self.path), fault=type(error).__name__) from error
        found: dict[tuple[str, ...], Asked] = {}
        for number, line in enumerate(lines, 1):
            request = self._request(line, number)
            before = found.get(request.same)
            found[request.same] = (
                Asked(request, 1, request.at, request.at)
                if before is None
                else replace(before, request=request, times=before.times + 1, last_at=request.at)
            )
        return tuple(sorted(found.values(), key=lambda one: -one.times))

    def _request(self, line: str, number: int) -> TagRequest:
        try:
            read = json.loads(line)
            return TagRequest(**{**read, "nearest": tuple(read["nearest"]), "spread": tuple(_row(row) for row in read["spread"])})
        except (ValueError, KeyError, TypeError) as error:
            raise UserError("requests_file", path=str(self.path), fault=f"{number}: {type(error).__name__}") from error


def _row(cells: Sequence[str]) -> tuple[str, str, str]:
    chinese, english, customers = cells
    return chinese, english, customers
