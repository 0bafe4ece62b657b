"""Mail that arrives: stored before anything else, then understood once, then kept or set aside, never lost."""

from .answering import may_answer
from .bounces import bounced
from .carriers import FETCH_TRIES, note_failure, note_success, position
from .erasing import empty_raw
from .replies import Understood, address_of, find_participants, last_letter_text, role_of, take_reply
from .storing import TRIES, came_otherwise, claim, give_back, ignore, is_repeat, is_stored, set_aside, store, unprocessed
from .too_large import Head, refuse_large

__all__ = ["FETCH_TRIES", "TRIES", "Head", "Understood", "address_of", "bounced", "came_otherwise", "claim", "empty_raw",
           "find_participants", "give_back", "ignore", "is_repeat", "is_stored", "last_letter_text", "may_answer", "note_failure",
           "note_success", "position", "refuse_large", "role_of", "set_aside", "store", "take_reply", "unprocessed"]
