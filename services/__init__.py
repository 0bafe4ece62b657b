"""The verbs: one command, one function, one transaction. Three doors call them, and nothing else changes a state."""

from . import (  # noqa: F401  each adds its actions to the table, in the order they are offered
    adhesion,
    convention,
    conversation,
    ending,
    entraide,
    exchanges,
    immersion,
    moving,
    parcours,
    placement,
)
from .attestation import awarding  # noqa: F401
from .convention import amending  # noqa: F401
from .evaluation import giving, publishing  # noqa: F401
