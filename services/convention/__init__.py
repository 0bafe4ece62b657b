"""The convention: drawn up from what the three parties gave, corrected, shown, then frozen, sent to be signed, signed."""

from .appointments import appointments, moved, network_address
from .completion import complete
from .drafting import as_values, corrected, draft_data, frames, save_draft, still_missing
from .people import parties
<<<<<<< HEAD
from .reading import as_page, as_pdf, readable
from .sealed import agenda_file, sealed_documents
from .sealing_job import seal_due, seal_now, waiting
from .signatories import proof_of
from .versions import close, issue, reopen, show

__all__ = ["agenda_file", "appointments", "as_page", "as_pdf", "as_values", "close", "complete", "corrected", "draft_data",
           "frames", "issue", "moved", "network_address", "parties", "proof_of", "readable", "reopen", "save_draft", "seal_due",
           "seal_now", "sealed_documents", "show", "still_missing", "waiting"]
=======
from .reading import as_page, as_pdf, readable, sent_page, sent_pdf
from .reminding import expire, remind
from .sealing_job import seal_due, try_again, waiting
from .signatories import proof_of
from .versions import close, issue, reopen, show

__all__ = ["appointments", "as_page", "as_pdf", "as_values", "close", "complete", "corrected", "draft_data", "expire",
           "frames", "issue", "moved", "network_address", "parties", "proof_of", "readable", "remind", "reopen",
           "save_draft", "seal_due", "sent_page", "sent_pdf", "show", "still_missing", "try_again", "waiting"]
>>>>>>> main
