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
    """A segment that somebody was told of. `rule`: canonical text; `text`: the words that asked for it first; `as_of`: of its data, ISO; `purpose`: that it was asked for."""

    rule: str
    fingerprint: str
    purpose: str
    as_of: str
    text: str
