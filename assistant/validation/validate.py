"""Gate 1: a proposed rule -> ValidatedRule, Choice or Refusal. Law: the only maker of a ValidatedRule; it believes no interpreter."""

from __future__ import annotations

from datetime import date

from assistant.catalog.load import TagCatalog
from assistant.errors import Issue, Severity
from assistant.policy import Identity, Purpose, denied
from assistant.rule.tree import SegmentRule
from assistant.store.segment import EMPTY, Library
from assistant.validation.checks import CHECKS, Setting, known_codes, saved_segments, size
from assistant.validation.verdict import Choice, Refusal, ValidatedRule, Verdict


def validate(
    rule: SegmentRule,
    catalog: TagCatalog,
    identity: Identity,
    as_of: date,
    today: date,
    snapshots: tuple[date, ...],
    purpose: Purpose = "analysis",
    library: Library = EMPTY,
) -> Verdict:
    """Check a rule as it stands and with its saved segments and concepts spelled out. `snapshots`: dates of the tag snapshots there are; `library`: the saved
    segments that the identity may read.

    A refused rule comes back as Refusal (forbidden when any issue says so), one with something to ask as Choice, else as ValidatedRule with its warnings.
    """
    setting = Setting(catalog, identity, purpose, as_of, today, snapshots, scope_of(catalog, identity))
    denial = denied(catalog.policy, identity, "ask", purpose=purpose)
    if denial is not None:
        return Refusal("forbidden", (Issue(denial.code, Severity.REFUSE, params=dict(denial.params)),))
    issues: list[Issue] = [*size(rule.node, setting), *saved_segments(rule.node, library)]
    if not any(issue.severity is Severity.REFUSE for issue in issues):
        resolved = library.resolve(rule.node)
        issues += [*size(resolved, setting), *known_codes(resolved, setting)]
    if not any(issue.severity is Severity.REFUSE for issue in issues):
        expanded = catalog.expand_all(resolved)
        for check in CHECKS:
            issues.extend(issue for issue in check(expanded, setting) if issue not in issues)
    usable = tuple(sorted(day for day in snapshots if day <= as_of))
    if not usable:
        issues.append(Issue("window_before_history", Severity.REFUSE, params={"since": min(snapshots, default=as_of).isoformat()}))
    refused = tuple(issue for issue in issues if issue.severity is Severity.REFUSE)
    if refused:
        forbidden = any(issue.code.startswith("forbidden_") for issue in refused)
        return Refusal("forbidden" if forbidden else "inexpressible", refused)
    asked = tuple(issue for issue in issues if issue.severity is Severity.ASK)
    if asked:
        return Choice(asked)
    return ValidatedRule(
        rule=rule.model_copy(update={"node": library.named_in(rule.node)}),
        expanded=expanded,
        scope=setting.scope,
        purpose=purpose,
        as_of=as_of,
        today=today,
        snapshot=usable[-1],
        snapshots=usable,
        catalog=catalog,
        identity=identity,
        library=library,
        warnings=tuple(issue for issue in issues if issue.severity is Severity.WARN),
        base_snapshot=None if catalog.header.opened_tag is None else min((day for day in snapshots if day >= as_of), default=None),
    )


def scope_of(catalog: TagCatalog, identity: Identity) -> tuple[str, ...]:
    """The organisation codes an identity may see, subtrees spread out; empty = the whole bank."""
    if not identity.branches:
        return ()
    return catalog.subtree(catalog.tags[catalog.header.organisation_tag], identity.branches)
