"""Letters leave, what servers say of them is kept, and addresses that do not work are left in peace until they do."""

from .address import Correction, ask_both, asked_by_both, confirm_address, move_seat, read_new_address
from .fate import LetterFate, PersonTrouble, asked_of, letters_of, trouble_and, trouble_of
from .outage import under_way
from .retention import purge
from .sending import deliver_due
from .standing import standing
from .stopping import answers_again

__all__ = [
    "Correction", "LetterFate", "PersonTrouble", "answers_again", "ask_both", "asked_by_both", "asked_of", "confirm_address",
    "deliver_due", "letters_of", "move_seat", "purge", "read_new_address", "standing", "trouble_and", "trouble_of", "under_way",
]
