"""Tag requests kept for the catalog's owner: one row each time one is submitted. Law: a row is only ever added; asking twice for one tag is counted.

Two rows are one request when they ask for the same words, kind, records and property.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from sqlalchemy import select

from assistant.store.database import Database
from assistant.store.schema import TAG_REQUESTS
from assistant.store.text import storable


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
    """The requests in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def submit(self, request: TagRequest) -> Asked:
        """Keep a request; how often it has been submitted now. Fault `store_failed`."""
        told = {name: storable(value) for name, value in asdict(request).items() if isinstance(value, str)}
        told["property"] = told.pop("of")
        with self._database.writing() as connection:
            connection.execute(TAG_REQUESTS.insert().values(**told, nearest=_json(request.nearest), spread=_json(request.spread)))
        kept = replace(request, words=told["words"])
        return next(one for one in self.all() if one.request.same == kept.same)

    def all(self) -> tuple[Asked, ...]:
        """Every request once, most often asked first, then in the order they were first asked. Fault `store_failed`."""
        with self._database.reading() as connection:
            rows = connection.execute(select(TAG_REQUESTS).order_by(TAG_REQUESTS.c.id)).mappings().all()
        found: dict[tuple[str, ...], Asked] = {}
        for row in rows:
            request = TagRequest(
                row["words"],
                row["definition"],
                row["kind"],
                row["record"],
                row["property"],
                tuple(json.loads(row["nearest"])),
                tuple(_row(cells) for cells in json.loads(row["spread"])),
                row["as_of"],
                row["at"],
                row["user"],
            )
            before = found.get(request.same)
            found[request.same] = (
                Asked(request, 1, request.at, request.at)
                if before is None
                else replace(before, request=request, times=before.times + 1, last_at=request.at)
            )
        return tuple(sorted(found.values(), key=lambda one: -one.times))


def _json(value: Sequence[object]) -> str:
    return json.dumps(value, ensure_ascii=True)


def _row(cells: Sequence[str]) -> tuple[str, str, str]:
    chinese, english, customers = cells
    return chinese, english, customers
