# Rows 53, 54 and 55, with Python's whole numbers as the judge: python3 tests/claims/python/53-scaled.py
from decimal import Decimal

MILLION = 1_000_000


def wrapped(n):
    """What is left of a whole number in 64 bits."""
    return (n + 2**63) % 2**64 - 2**63


def naive(x, y):
    return wrapped(x * MILLION * y * MILLION) // MILLION / MILLION


def to_fixed(x):
    return int(round(x * MILLION))  # the article's, with its bracket closed


print("3037 * 3037:", naive(3037, 3037))
print("3038 * 3038:", naive(3038, 3038))
print("1.0000005, as a float and as it is written:", to_fixed(1.0000005), to_fixed(Decimal("1.0000005")))
print("-1 millionth times 1 millionth, down and cut off:", -1 // MILLION, int(-1 / MILLION))
