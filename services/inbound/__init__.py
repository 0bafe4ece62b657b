"""Mail that arrives: stored before anything else, then understood once, then kept or set aside, never lost."""

from .answering import is_ours, may_answer
from .bounces import bounced
from .replies import address_of, as_colleague, find_participants, kind_of, last_letter_text, role_of, take_reply
from .storing import TRIES, claim, give_back, ignore, is_repeat, set_aside, store, unprocessed
from .understood import Understood

__all__ = ["TRIES", "Understood", "address_of", "as_colleague", "bounced", "claim", "find_participants", "give_back", "ignore",
           "is_ours", "is_repeat", "kind_of", "last_letter_text", "may_answer", "role_of", "set_aside", "store",
           "take_reply", "unprocessed"]
