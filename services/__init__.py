"""The verbs: one command, one function, one transaction. Three doors call them, and nothing else changes a state."""

from . import adhesion, convention, conversation, entraide, immersion  # noqa: F401  each adds its actions to the table
