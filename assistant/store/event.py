"""What is kept of one request in the audit. Law: a value; nobody's data but what was asked, decided, run and handed out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One thing done for somebody. No value of a customer is in it.

    `kind`: ask (a turn), list (ids handed out), or what was done to a saved segment; `rule`: canonical text of the rule, `rule_fingerprint` its fingerprint;
    `queries`: fingerprints of what was run, in order; `prompt`, `model`: fingerprints of the prompt and the model that read the words (empty: none did);
    `exported`: what left the house (empty: nothing); `segment`: the saved segment concerned, id@version; `error`: the code of what went wrong.
    """

    kind: str
    request_id: str
    user: str
    role: str
    branches: tuple[str, ...]
    purpose: str
    text: str
    outcome: str
    catalog: str
    as_of: date
    rule: str = ""
    rule_fingerprint: str = ""
    queries: tuple[str, ...] = ()
    by: str = ""
    prompt: str = ""
    model: str = ""
    exported: str = ""
    segment: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """Customers that somebody was told a number of. `rule`: canonical text of what they are, concepts and saved segments replaced, `fingerprint` its fingerprint; `day`: data and business date;
    `n`: how many (None: not known any more); `text`: the words of the request that told it first, `batch` the fingerprint of all that it told; `asked`: whether they were asked for themselves, and not told
    beside; `place`: in the order first told."""

    rule: str
    fingerprint: str
    day: str
    n: int | None
    text: str
    batch: str
    asked: bool
    place: int = 0
