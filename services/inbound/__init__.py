"""Mail that arrives: stored before anything else, then understood once, then kept or set aside, never lost."""

from .bounces import bounced
from .replies import Understood, address_of, find_participants, last_letter_text, role_of, take_reply
from .storing import TRIES, claim, give_back, ignore, is_repeat, set_aside, store, unprocessed
from .unsubscribing import unsubscribed

__all__ = ["TRIES", "Understood", "address_of", "bounced", "claim", "find_participants", "give_back", "ignore", "is_repeat",
           "last_letter_text", "role_of", "set_aside", "store", "take_reply", "unprocessed", "unsubscribed"]
