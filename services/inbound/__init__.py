"""Mail that arrives: stored before anything else, then understood once, then kept or set aside, never lost."""

from .addresses import coordinator_at, from_elsewhere, stop_waiting, whose
from .answering import may_answer
from .bounces import bounced
from .citing import cited
from .queue import decide, queue_item, unmatched
from .reading import MailContent
from .replies import Understood, address_of, find_participants, last_letter_text, role_of, take_reply
from .requests import door_of, take_request
from .storing import TRIES, claim, give_back, ignore, is_copy, is_repeat, set_aside, store, unprocessed

__all__ = ["TRIES", "MailContent", "Understood", "address_of", "bounced", "cited", "claim", "coordinator_at", "decide", "door_of",
           "find_participants", "from_elsewhere", "give_back", "ignore", "is_copy", "is_repeat", "last_letter_text", "may_answer",
           "queue_item", "role_of", "set_aside", "stop_waiting", "store", "take_reply", "take_request", "unmatched",
           "unprocessed", "whose"]
