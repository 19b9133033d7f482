"""Random draws as SQL text: a uniform number is a hash of a row's key and the name of what is drawn. Law: no state, no order, no clock.

A row carries one 64-bit key (customer or event), already mixed with the seed. `u(key, salt)` hashes key XOR salt, so every named draw has its
own stream: DuckDB's hash(a, b) of two arguments is not used, because its columns depend on each other. Equal seeds give equal data with any
number of threads; the independence of the streams is tested.
"""

from __future__ import annotations

import hashlib
import itertools
import math
from collections.abc import Mapping, Sequence

MACROS = (
    "CREATE OR REPLACE TEMP MACRO u(k, salt) AS (hash(xor(k, salt::UBIGINT)) >> 11)::DOUBLE / 9007199254740992.0",
    "CREATE OR REPLACE TEMP MACRO z(k, salt) AS sqrt(-2 * ln(1 - u(k, salt))) * cos(6.283185307179586 * u(k, xor(salt::UBIGINT, 1::UBIGINT)))",
    "CREATE OR REPLACE TEMP MACRO draw_count(mean, x) AS floor(mean + x)::INTEGER",
)


def salt(name: str) -> int:
    """A 62-bit even number for a draw's name (even, so that z may use salt and salt + 1)."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big") >> 2 << 1


def uniform(name: str, key: str = "k") -> str:
    """SQL: a uniform number in [0, 1) for the row's key."""
    return f"u({key}, {salt(name)})"


def normal(name: str, key: str = "k") -> str:
    """SQL: a standard normal number for the row's key (Box and Muller, 1958)."""
    return f"z({key}, {salt(name)})"


def chance(name: str, probability: str | float, key: str = "k") -> str:
    """SQL: true with the given probability (a number or an SQL expression)."""
    return f"({uniform(name, key)} < {probability})"


def choice(draw: str, weights: Mapping[str, float]) -> str:
    """SQL: one of the codes, by weight, from a uniform expression."""
    total = sum(weights.values())
    reached = 0.0
    arms = []
    for code, weight in list(weights.items())[:-1]:
        reached += weight / total
        arms.append(f"WHEN {draw} < {reached:.9f} THEN '{code}'")
    last = list(weights)[-1]
    return f"CASE {' '.join(arms)} ELSE '{last}' END" if arms else f"'{last}'"


def quantile(draw: str, points: Sequence[tuple[float, float]], log: bool = False) -> str:
    """SQL: the value at a probability, straight (or, with log, exponential) between (probability, value) points that rise from 0 to 1."""
    arms = []
    for (p, low), (q, high) in itertools.pairwise(points):
        if log and low > 0:
            body = f"{low} * exp({math.log(high / low):.9f} * ({draw} - {p}) / {q - p:.9f})"
        else:
            body = f"{low} + {high - low} * ({draw} - {p}) / {q - p:.9f}"
        arms.append(f"WHEN {draw} < {q} THEN {body}")
    return f"CASE {' '.join(arms)} ELSE {points[-1][1]} END"


def spread(weights: Sequence[float], size: int) -> list[int]:
    """Positions 0..n-1 repeated in proportion to their weights, `size` in all: a table in which a uniform index finds a weighted position."""
    total = sum(weights)
    table: list[int] = []
    reached = 0.0
    for position, weight in enumerate(weights):
        reached += weight / total * size
        table.extend([position] * (round(reached) - len(table)))
    return table
