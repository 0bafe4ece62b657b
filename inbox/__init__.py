"""The mail door. ``inbox.receive(raw)`` takes in one message, whatever brings it."""

from .content import read_mail
from .receive import process_stored, receive, take_up

__all__ = ["process_stored", "read_mail", "receive", "take_up"]
