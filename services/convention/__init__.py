"""The convention: drawn up from what the three parties gave, corrected, shown, then frozen, sent to be signed, signed."""

from .completion import complete
from .drafting import as_values, corrected, draft_data, frames, save_draft, still_missing
from .people import parties
from .reading import as_page, as_pdf, readable
from .signatories import proof_of
from .versions import close, issue, reopen, show

__all__ = ["as_page", "as_pdf", "as_values", "close", "complete", "corrected", "draft_data", "frames", "issue", "parties",
           "proof_of", "readable", "reopen", "save_draft", "show", "still_missing"]
