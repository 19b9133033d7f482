"""What is kept of a secret neither gives it away nor takes anything else for it."""

from __future__ import annotations

import hashlib

from assistant.store.passwords import TOKEN_MARK, hashed, matches, new_token, token_hash


def test_a_password_is_kept_as_scrypt_with_a_salt_of_its_own() -> None:
    kept = hashed("correct horse")
    _, n, r, p, salt, digest = kept.split("$")
    assert hashlib.scrypt(b"correct horse", salt=bytes.fromhex(salt), n=int(n), r=int(r), p=int(p), dklen=32).hex() == digest
    assert int(n) * int(r) * 128 >= 16 * 2**20
    assert hashed("correct horse") != kept
    assert "horse" not in kept


def test_only_the_same_password_matches() -> None:
    kept = hashed("correct horse")
    assert matches("correct horse", kept)
    assert not matches("correct horsf", kept)
    assert not matches("", kept)
    assert not matches("", "")
    assert not matches("\ud800", kept)


def test_a_token_is_long_and_known_by_its_hash() -> None:
    tokens = {new_token() for _ in range(50)}
    assert len(tokens) == 50
    assert all(token.startswith(TOKEN_MARK) and len(token) > 40 and token not in token_hash(token) for token in tokens)
