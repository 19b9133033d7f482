"""Secrets as they are kept: scrypt of a password with its salt, sha256 of a token. Law: what is kept does not give the secret away, and comparing takes the same time whatever differs.

scrypt with N = 2^14, r = 8, p = 5 (16 MiB): one of the equal-strength settings of OWASP's Password Storage Cheat Sheet. A token is 32 random bytes, so one hash is enough.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

_N, _R, _P, _LENGTH = 2**14, 8, 5, 32
_TOKEN_BYTES = 32
TOKEN_MARK = "sa_"
"""What a token begins with, so that one that leaked is recognised."""


def hashed(password: str, salt: bytes | None = None) -> str:
    """A password as it is kept: scrypt$N$r$p$salt$hash, in hex."""
    used = secrets.token_bytes(16) if salt is None else salt
    return f"scrypt${_N}${_R}${_P}${used.hex()}${_scrypt(password, used, _N, _R, _P).hex()}"


def matches(password: str, kept: str) -> bool:
    """Whether a password is the one kept. With nothing kept it takes as long and is False."""
    _, n, r, p, salt, digest = (kept or _NOBODY).split("$")
    same = hmac.compare_digest(_scrypt(password, bytes.fromhex(salt), int(n), int(r), int(p)), bytes.fromhex(digest))
    return same and bool(kept)


def new_token() -> str:
    """A token nobody can guess."""
    return TOKEN_MARK + secrets.token_urlsafe(_TOKEN_BYTES)


def token_hash(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(password.encode("utf-8", "surrogatepass"), salt=salt, n=n, r=r, p=p, dklen=_LENGTH, maxmem=256 * n * r)


_NOBODY = f"scrypt${_N}${_R}${_P}${'00' * 16}${'00' * _LENGTH}"
