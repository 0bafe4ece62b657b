"""Mentoring: a mentor nearby proposed to a newcomer, a pair both agree to, a protocol, news from time to time, an end.

Each module adds its actions to the table; in the order they are offered.
"""

# ruff: isort: off
from . import pairing, protocol, following, ending  # noqa: F401
