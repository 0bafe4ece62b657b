"""The convention: drawn up from what the three parties gave, corrected, shown, then frozen, sent to be signed, signed."""

from .appointments import appointments, moved, network_address
from .comparing import COMPARED, examine_due, needs_care, said_of, sources_of
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
from .paper import Decision, Sent, waiting_copies
from .parts import ADDRESSES, PartState, SharedAddress, complete_part, owed, shared_addresses, standing, whose_address
from .people import parties
from .reading import as_page, as_pdf, is_readable, readable, sent_page, sent_pdf, version_read
from .recalling import Awaited, awaited, signer_named
from .refusing import OtherSigner, proposal
from .reminding import expire, remind
from .sealed import agenda_file, sealed_documents, sealed_files
from .sealing_job import seal_due, seal_now, waiting
from .signatories import proof_of
from .values import as_values, corrected
from .versions import changes_of, close, issue, previous, reopen, show

__all__ = ["ADDRESSES", "COMPARED", "EDITABLE", "Awaited", "ChangedMeanwhile", "Decision", "OtherSigner", "PartState", "Sent",
           "SharedAddress", "agenda_file", "appointments", "as_page", "as_pdf", "as_values", "awaited", "changes_of", "close",
           "complete", "complete_part", "corrected", "draft_data", "examine_due", "expire", "fingerprint_of", "frame_name",
           "frames", "is_readable", "issue", "moved",
           "needs_care", "network_address", "obstacles", "owed", "parties", "previous", "proof_of",
           "proposal", "readable", "remind", "reopen", "said_of", "save_draft", "seal_due", "seal_now", "sealed_documents",
           "sealed_files", "sent_page", "sent_pdf", "shared_addresses", "show", "signer_named", "sources_of", "standing",
           "still_missing", "version_read", "waiting", "waiting_copies", "whose_address"]
