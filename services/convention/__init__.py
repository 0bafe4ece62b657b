"""The convention: drawn up from what the three parties gave, corrected, shown, then frozen, sent to be signed, signed."""

from .completion import complete
from .drafting import (
    EDITABLE,
    ChangedMeanwhile,
    draft_data,
    fingerprint_of,
    frame_name,
    frames,
    obstacles,
    save_draft,
    still_missing,
)
from .parts import ADDRESSES, PartState, SharedAddress, complete_part, owed, shared_addresses, standing, whose_address
from .people import parties
from .reading import as_page, as_pdf, readable
from .signatories import proof_of
from .values import as_values, corrected
from .versions import close, issue, reopen, show

__all__ = ["ADDRESSES", "EDITABLE", "ChangedMeanwhile", "PartState", "SharedAddress", "as_page", "as_pdf", "as_values",
           "close", "complete", "complete_part", "corrected", "draft_data", "fingerprint_of", "frame_name", "frames",
           "issue", "obstacles", "owed", "parties", "proof_of", "readable", "reopen", "save_draft", "shared_addresses",
           "show", "standing", "still_missing", "whose_address"]
