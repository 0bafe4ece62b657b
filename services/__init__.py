"""The verbs: one command, one function, one transaction. Three doors call them, and nothing else changes a state."""

from . import (  # noqa: F401  each adds its actions to the table, in the order they are offered
    adhesion,
    convention,
    conversation,
    entraide,
    immersion,
)
from . import moving, ending  # noqa: F401, I001, E402  what follows the signature comes after it
from .evaluation import giving, publishing  # noqa: F401, E402
from .attestation import awarding  # noqa: F401, I001, E402
from . import exchanges, parcours  # noqa: F401, I001, E402
