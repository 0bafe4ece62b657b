"""The convention: drawn up from what the three parties gave, corrected, shown, then frozen, sent to be signed, signed."""

from .appointments import appointments, moved, network_address
from .completion import complete
from .drafting import as_values, corrected, draft_data, frames, save_draft, still_missing
from .people import parties
from .reading import as_page, as_pdf, readable, sent_page, sent_pdf
from .reminding import expire, remind
from .sealed import agenda_file, sealed_documents
from .sealing_job import seal_due, seal_now, waiting
from .signatories import proof_of
from .versions import close, issue, reopen, show

__all__ = ["agenda_file", "appointments", "as_page", "as_pdf", "as_values", "close", "complete", "corrected", "draft_data",
           "expire", "frames", "issue", "moved", "network_address", "parties", "proof_of", "readable", "remind", "reopen",
           "save_draft", "seal_due", "seal_now", "sealed_documents", "sent_page", "sent_pdf", "show", "still_missing", "waiting"]
