"""The verbs: one command, one function, one transaction. Three doors call them, and nothing else changes a state."""

# In the order their actions are offered, which is not that of the alphabet.
# ruff: isort: off
from . import adhesion, convention, conversation  # noqa: F401
from .immersion import ending  # noqa: F401
from . import entraide  # noqa: F401
from .immersion import exchanges, requesting, moving, resuming, parcours, placement  # noqa: F401
from .attestation import awarding  # noqa: F401
from .convention import amending, details  # noqa: F401
from .evaluation import giving, publishing  # noqa: F401
from .immersion import again  # noqa: F401
from . import mentorat  # noqa: F401
