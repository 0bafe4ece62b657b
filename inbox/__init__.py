"""The mail door. ``inbox.receive(raw)`` takes in one message, whatever brings it."""

from .receive import process_stored, receive

__all__ = ["process_stored", "receive"]
