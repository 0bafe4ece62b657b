"""The verbs: one command, one function, one transaction. Three doors call them, and nothing else changes a state."""

from . import adhesion, convention, conversation, immersion  # noqa: F401  each adds its actions to the table

# isort: split
from . import entraide  # noqa: F401  after those whose actions are offered first
