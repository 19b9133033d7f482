"""Users, grants and tokens on the command line. Law: who changes something is the console while there are no users, else whoever the token of the settings speaks for."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from assistant.app.accounts import user_line
from assistant.app.build import unit_code
from assistant.app.commands.options import AsJson, Lang, Who, dump, role_of, tongue
from assistant.app.identity import CONSOLE, bearer, operator
from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Language
from assistant.errors import UserError
from assistant.narrate.messages import message
from assistant.policy import LINES, OPERATIONS, ROLES, Operation, Role, may
from assistant.rule.canonical import Json
from assistant.settings import Settings, load_settings
from assistant.store.open import Store, open_store
from assistant.store.users import GrantKind, Token, User

users = typer.Typer(no_args_is_help=True, help="Users and grants · 用户与授权")
tokens = typer.Typer(no_args_is_help=True, help="Tokens for the command line and the API · 令牌")

_DEMO_UNITS: Mapping[Role, tuple[GrantKind, str]] = {"branch_manager": ("branch", "3100"), "catalog_owner": ("line", "WM")}
_DEMO_STEWARD: tuple[str, tuple[GrantKind, str]] = ("demo.data_platform", ("line", "DP"))
"""A second owner of tags: the line that brings public tags online and takes them off."""
_Grants = Sequence[tuple[GrantKind, str]]
Name = Annotated[str, typer.Argument(help="User name.")]
RoleName = Annotated[Who, typer.Option("--role", help="What they are.")]
Units = Annotated[list[str] | None, typer.Option("--branch", help="A unit whose customers they see (code or name); may be repeated.")]
Lines = Annotated[list[str] | None, typer.Option("--line", help=f"A business line they answer for ({', '.join(LINES)}); may be repeated.")]
Extra = Annotated[list[str] | None, typer.Option("--operation", help=f"An operation besides their role's ({', '.join(OPERATIONS)}).")]
Tags = Annotated[list[str] | None, typer.Option("--tag", help="A tag they may use besides their role's (code).")]
Delegated = Annotated[list[str] | None, typer.Option("--steward", help="A tag whose lifecycle is delegated to them (code).")]
FromInput = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input instead of asking for it.")]


@dataclass(frozen=True)
class _Office:
    """The store with the catalog its grants are checked against."""

    settings: Settings
    store: Store
    catalog: TagCatalog

    def by(self, operation: Operation = "manage_users") -> str:
        """Who runs the command. UserError for one who may not."""
        return operator(self.catalog.policy, self.store, self.settings.token, operation)

    def by_for(self, grants: _Grants) -> str:
        """Who grants: an administrator, or the line that owns every tag whose lifecycle is delegated."""
        if self.store.users.any() and grants and all(kind == "steward" for kind, _ in grants):
            identity = bearer(self.store, self.settings.token)
            owned = all(code in self.catalog.tags and self.catalog.tags[code].owner in identity.lines for _, code in grants)
            if owned and may(self.catalog.policy, identity, "edit_tag"):
                return identity.user
        return self.by()

    def fitting(self, role: Role, grants: _Grants) -> _Grants:
        """The grants, checked against the catalog and the role. UserError `grant_unfit`."""
        unknown = {"line": LINES, "operation": OPERATIONS, "tag": self.catalog.tags, "steward": self.catalog.tags}
        for kind, value in grants:
            bank_wide = kind == "branch" and self.catalog.policy.roles[role].scope == "bank"
            if bank_wide or (kind in unknown and value not in unknown[kind]):
                raise UserError("grant_unfit", grant=f"{kind} {value}")
        return grants

    def named(
        self,
        branch: Sequence[str] | None = None,
        line: Sequence[str] | None = None,
        operation: Sequence[str] | None = None,
        tag: Sequence[str] | None = None,
        steward: Sequence[str] | None = None,
    ) -> _Grants:
        """What the options name. UserError `branch_unknown`."""
        found: list[tuple[GrantKind, str]] = [("branch", unit_code(self.catalog, one)) for one in branch or ()]
        found += [("line", one) for one in line or ()]
        found += [("operation", one) for one in operation or ()]
        found += [("tag", one) for one in tag or ()]
        found += [("steward", one) for one in steward or ()]
        return tuple(found)

    def user(self, name: str) -> User:
        """Somebody by name. UserError `user_unknown`."""
        found = next((one for one in self.store.users.all() if one.name == name.strip().casefold()), None)
        if found is None:
            raise UserError("user_unknown", name=name[:80])
        return found


def _office() -> _Office:
    settings = load_settings()
    return _Office(settings, open_store(settings.store_url), TagCatalog.load(settings.catalog))


@users.command("add")
def users_add(
    name: Name,
    role: RoleName,
    branch: Units = None,
    line: Lines = None,
    no_password: Annotated[bool, typer.Option("--no-password", help="They come through single sign-on only.")] = False,
    password_stdin: FromInput = False,
    lang: Lang = None,
) -> None:
    """Set up a user; the first one is an administrator: 新建用户."""
    office = _office()
    by, wanted = office.by(), _role(role)
    if not office.store.users.any() and (wanted != "administrator" or no_password):
        raise UserError("first_administrator")
    grants = office.fitting(wanted, office.named(branch, line))
    password = "" if no_password else _password(password_stdin, tongue(lang), twice=True)
    key = office.store.users.add(name, wanted, password, by)
    for kind, value in grants:
        office.store.users.grant(key, kind, value, None, by)
    typer.echo(user_line(office.user(key), office.catalog, tongue(lang)))
    if wanted == "administrator":
        typer.echo(message(tongue(lang), "account.then_token", {"name": key}), err=True)


@users.command("list")
def users_list(as_json_object: AsJson = False, lang: Lang = None) -> None:
    """List the users with their grants: 用户与授权."""
    office = _office()
    office.by()
    found = office.store.users.all()
    if as_json_object:
        typer.echo(dump([_user_json(one) for one in found], indent=2))
    else:
        lines = [user_line(one, office.catalog, tongue(lang)) for one in found]
        typer.echo("\n".join(lines) or message(tongue(lang), "account.none"))


@users.command("disable")
def users_disable(
    name: Name, enable: Annotated[bool, typer.Option("--enable", help="Let them in again.")] = False, lang: Lang = None
) -> None:
    """Shut a user out from their next request on: 停用."""
    office = _office()
    office.store.users.disable(name, office.by(), disabled=not enable)
    typer.echo(user_line(office.user(name), office.catalog, tongue(lang)))


@users.command("password")
def users_password(name: Name, password_stdin: FromInput = False, lang: Lang = None) -> None:
    """Give a user another password: 重设密码."""
    office = _office()
    by = office.by()
    office.store.users.set_password(name, _password(password_stdin, tongue(lang), twice=True), by)
    typer.echo(user_line(office.user(name), office.catalog, tongue(lang)))


@users.command("role")
def users_role(name: Name, role: Annotated[Who, typer.Argument(help="What they are from now on.")], lang: Lang = None) -> None:
    """Give a user another role: 改角色."""
    office = _office()
    office.store.users.set_role(name, _role(role), office.by())
    typer.echo(user_line(office.user(name), office.catalog, tongue(lang)))


@users.command("grant")
def users_grant(
    name: Name,
    branch: Units = None,
    line: Lines = None,
    operation: Extra = None,
    tag: Tags = None,
    steward: Delegated = None,
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The last day it holds (default: open).", show_default=False),
    ] = None,
    lang: Lang = None,
) -> None:
    """Grant something besides the role, from the next request on: 授权."""
    office = _office()
    grants = office.fitting(office.user(name).role, office.named(branch, line, operation, tag, steward))
    by = office.by_for(grants)
    ends = None if until is None else until.replace(tzinfo=UTC) + timedelta(days=1, microseconds=-1)
    for kind, value in grants:
        office.store.users.grant(name, kind, value, ends, by)
    typer.echo(user_line(office.user(name), office.catalog, tongue(lang)))


@users.command("revoke")
def users_revoke(
    name: Name,
    branch: Units = None,
    line: Lines = None,
    operation: Extra = None,
    tag: Tags = None,
    steward: Delegated = None,
    lang: Lang = None,
) -> None:
    """Take a grant back, from the next request on: 收回授权."""
    office = _office()
    named = office.named(branch, line, operation, tag, steward)
    by = office.by_for(named)
    for kind, value in named:
        office.store.users.revoke(name, kind, value, by)
    typer.echo(user_line(office.user(name), office.catalog, tongue(lang)))


@users.command("demo")
def users_demo(lang: Lang = None) -> None:
    """Set up a demo user of each role and a steward of public tags, each with a password that is shown this once: 示范用户."""
    office = _office()
    if office.store.users.any():
        raise UserError("users_exist")
    language = tongue(lang)
    wanted = [(f"demo.{role}", role, _DEMO_UNITS.get(role)) for role in sorted(ROLES, key=lambda one: one != "administrator")]
    for called, role, bound in (*wanted, (_DEMO_STEWARD[0], "catalog_owner", _DEMO_STEWARD[1])):
        password = secrets.token_urlsafe(12)
        name = office.store.users.add(called, role, password, CONSOLE)
        if bound is not None:
            office.store.users.grant(name, *bound, None, CONSOLE)
        typer.echo(
            message(language, "account.demo", {"user": user_line(office.user(name), office.catalog, language), "password": password})
        )


@tokens.command("add")
def tokens_add(
    name: Name,
    scope: Annotated[
        list[str] | None, typer.Option("--scope", help=f"An operation it may be used for ({', '.join(OPERATIONS)}; default: ask).")
    ] = None,
    days: Annotated[int, typer.Option("--days", min=1, help="How long it lasts.")] = 90,
    password_stdin: FromInput = False,
    lang: Lang = None,
) -> None:
    """Issue a token, which is shown this once: an administrator for anybody, else with one's own password: 发放令牌."""
    office = _office()
    scopes = tuple(one for one in OPERATIONS if one in (scope or ["ask"]))
    if len(scopes) != len(set(scope or ["ask"])):
        raise UserError("grant_unfit", grant=" ".join(scope or ()))
    language = tongue(lang)
    by = (
        office.store.users.sign_in(name, _password(password_stdin, language)).user
        if office.settings.token is None and office.store.users.any()
        else office.by()
    )
    identifier, token = office.store.users.issue(name, scopes, timedelta(days=days), by)
    typer.echo(message(language, "account.token", {"id": identifier, "days": str(days), "scopes": _scopes(scopes, language)}), err=True)
    typer.echo(token)


@tokens.command("list")
def tokens_list(as_json_object: AsJson = False, lang: Lang = None) -> None:
    """List the tokens, without their secrets: 令牌列表."""
    office = _office()
    office.by()
    found = office.store.users.tokens()
    if as_json_object:
        typer.echo(dump([_token_json(one) for one in found], indent=2))
    else:
        typer.echo("\n".join(_token_line(one, tongue(lang)) for one in found) or message(tongue(lang), "account.no_tokens"))


@tokens.command("revoke")
def tokens_revoke(identifier: Annotated[str, typer.Argument(help="Its id, as listed.")], lang: Lang = None) -> None:
    """Take a token back, from its next use on: 收回令牌."""
    office = _office()
    office.store.users.revoke_token(identifier, office.by())
    typer.echo(message(tongue(lang), "account.token_revoked", {"id": identifier}))


def _role(said: Who) -> Role:
    role = role_of(said)
    assert role is not None, "an option that is given names a role"
    return role


def _password(from_input: bool, language: Language, twice: bool = False) -> str:
    """A password typed unseen, or the first line of standard input."""
    if from_input:
        return sys.stdin.readline().rstrip("\r\n")
    again: bool | str = message(language, "account.password_again") if twice else False
    typed: str = typer.prompt(message(language, "account.password"), hide_input=True, confirmation_prompt=again, err=True)
    return typed


def _token_line(token: Token, language: Language) -> str:
    said = {"id": token.id, "name": token.user, "scopes": _scopes(token.scopes, language), "until": token.until[:10]}
    return message(language, "account.token_line_revoked" if token.revoked else "account.token_line", said)


def _scopes(scopes: Sequence[Operation], language: Language) -> str:
    return message(language, "readback.list_join").join(message(language, f"operation.{one}") for one in scopes)


def _user_json(user: User) -> Json:
    grants: list[Json] = [
        {"kind": one.kind, "value": one.value, "until": one.until or None, "by": one.by, "at": one.at} for one in user.grants
    ]
    return {"name": user.name, "role": user.role, "disabled": user.disabled, "password": user.password, "grants": grants}


def _token_json(token: Token) -> Json:
    return {"id": token.id, "user": token.user, "scopes": list(token.scopes), "until": token.until, "revoked": token.revoked or None}
