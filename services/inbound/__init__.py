"""Mail that arrives: stored before anything else, then understood once, then kept or set aside, never lost."""

from ..delivery import answers_again
from .bounces import Report, bounced
from .replies import Understood, address_of, find_participants, last_letter_text, role_of, take_reply
from .storing import TRIES, claim, give_back, ignore, is_repeat, set_aside, store, unprocessed

__all__ = ["TRIES", "Report", "Understood", "address_of", "answers_again", "bounced", "claim", "find_participants",
           "give_back", "ignore", "is_repeat", "last_letter_text", "role_of", "set_aside", "store", "take_reply", "unprocessed"]
