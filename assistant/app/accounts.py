"""Users and what was granted to them, in words. Law: what is in force, and nothing else; no password and no token is in it."""

from __future__ import annotations

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Language
from assistant.narrate.messages import has_message, message
from assistant.store.users import Grant, User


def user_line(user: User, catalog: TagCatalog, language: Language) -> str:
    """One user in words: name, role, and what was granted besides."""
    said = {"name": user.name, "role": message(language, f"role.{user.role}")}
    said["disabled"] = message(language, "account.disabled") if user.disabled else ""
    granted = message(language, "readback.list_join").join(_grant_words(one, catalog, language) for one in user.grants)
    said["grants"] = message(language, "account.granted", {"grants": granted}) if granted else ""
    return message(language, "account.user", said)


def _grant_words(grant: Grant, catalog: TagCatalog, language: Language) -> str:
    key = f"{grant.kind}.{grant.value}"
    if grant.kind == "branch" and grant.value in catalog.organisation:
        value = catalog.organisation[grant.value].name.get(language)
    elif grant.kind in ("tag", "steward") and grant.value in catalog.tags:
        value = catalog.tags[grant.value].name.get(language)
    else:
        value = message(language, key) if has_message(key) else grant.value
    ends = message(language, "account.until", {"day": grant.until[:10]}) if grant.until else ""
    return message(language, f"account.grant_{grant.kind}", {"value": value}) + ends
