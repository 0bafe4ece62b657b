"""Mail that arrives: stored before anything else, then understood once, then kept or set aside, never lost."""

from ..delivery import answers_again
from ..evaluation.asking import report_awaited
from ..evaluation.questions import ReportLines
from ..immersion.hosting import HostLines
from ..subscription import asked_by as asks_to_unsubscribe
from .addresses import coordinator_at, from_elsewhere, stop_waiting, whose
from .answering import is_ours, may_answer
from .bounces import Report, bounced
from .carriers import FETCH_TRIES, note_failure, note_success, position
from .citing import cited
from .erasing import empty_raw
from .finding import Candidate, Seat, find_by_subject, find_participants, last_letter_text, letter_answered, seat_of
from .queue import decide, queue_item, unmatched
from .reading import MailContent
from .replies import Reply, as_colleague, plain, take_replies, take_reply
from .requests import door_of, take_request
from .storing import (
    ALREADY_TAKEN,
    LEASE,
    TRIES,
    AlreadyTaken,
    claim,
    give_back,
    ignore,
    set_aside,
    store,
    store_all,
    store_claimed,
    unprocessed,
)
from .too_large import Head, refuse_large
from .understood import Understood
from .unsubscribing import unsubscribe

__all__ = ["ALREADY_TAKEN", "FETCH_TRIES", "LEASE", "TRIES", "AlreadyTaken", "Candidate", "Head", "HostLines", "MailContent",
           "Reply", "Report", "ReportLines", "Seat", "Understood", "answers_again", "as_colleague", "asks_to_unsubscribe",
           "bounced", "cited", "claim", "coordinator_at", "decide", "door_of", "empty_raw", "find_by_subject",
           "find_participants", "from_elsewhere", "give_back", "ignore", "is_ours", "last_letter_text",
           "letter_answered", "may_answer", "note_failure", "note_success", "plain", "position", "queue_item", "refuse_large",
           "report_awaited", "seat_of", "set_aside", "stop_waiting", "store", "store_all", "store_claimed", "take_replies",
           "take_reply", "take_request", "unmatched", "unprocessed", "unsubscribe", "whose"]
