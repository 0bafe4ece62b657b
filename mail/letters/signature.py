"""Letters of a signature: the code, the receipt, how far the others are, the recall."""

from __future__ import annotations

from collections.abc import Sequence

from models.dossier import Dossier, Participant
from models.network import Network
from models.signature import Signature

from ..letter import Attachment, Letter, compose


def code_to_sign(network: Network, dossier: Dossier, to: Participant, document: str, code: str, minutes: int) -> Letter:
    """To who signs: the figures to type on the page that asked for them; ``document`` names what is signed."""
    return compose("signature/code_to_sign", network=network, dossier=dossier, to=to, document=document,
                   code=f"{code[:3]}\u00a0{code[3:]}", minutes=minutes)


def signature_received(network: Network, dossier: Dossier, to: Participant, row: Signature, document: str, when: str,
                       waiting: Sequence[str], url: str) -> Letter:
    """To who has just signed: what, when, how, and who is still to sign."""
    return compose("signature/signature_received", network=network, dossier=dossier, to=to, row=row, document=document,
                   when=when, waiting=waiting, url=url)


def signature_progress(network: Network, dossier: Dossier, to: Participant, signer: str, document: str, waiting: Sequence[str],
                       url: str, *, to_sign: bool) -> Letter:
    """To the others: somebody signed, who is still to sign, and the link of who reads if they are."""
    return compose("signature/signature_progress", network=network, dossier=dossier, to=to, signer=signer, document=document,
                   waiting=waiting, url=url, to_sign=to_sign)


def signature_reminder(network: Network, dossier: Dossier, to: Participant, document: str, first_day: str, waiting: Sequence[str],
                       url: str, words: str = "", sender: str = "") -> Letter:
    """To who has not signed: the link again, and when the immersion begins; ``words`` of ``sender``, who asked for it."""
    return compose("signature/signature_reminder", network=network, dossier=dossier, to=to, document=document,
                   first_day=first_day, waiting=waiting, url=url, words=words, sender=sender)


def convention_expired(network: Network, dossier: Dossier, to: Participant, document: str, missing: Sequence[str],
                       url: str) -> Letter:
    """To everybody, on the day of the first session: not all have signed, it does not begin; what comes next."""
    return compose("signature/convention_expired", network=network, dossier=dossier, to=to, document=document, missing=missing,
                   url=url)


def change_asked(network: Network, dossier: Dossier, to: Participant, asker: str, document: str, words: str, url: str,
                 proposed: str) -> Letter:
    """To the coordination and the other parties: somebody wants a change, or somebody else to sign; signing waits.

    ``proposed``: who would sign in whose place, in words, or "".
    """
    return compose("signature/change_asked", network=network, dossier=dossier, to=to, asker=asker, document=document, words=words,
                   url=url, proposed=proposed)


def signing_resumed(network: Network, dossier: Dossier, to: Participant, document: str, words: str,
                    changes: Sequence[Sequence[str]], url: str, *, to_sign: bool) -> Letter:
    """To all the parties: the same version is to be signed again; ``changes``: how to reach people, said otherwise."""
    return compose("signature/signing_resumed", network=network, dossier=dossier, to=to, document=document, words=words,
                   changes=changes, url=url, to_sign=to_sign)


def convention_declined(network: Network, dossier: Dossier, to: Participant, decliner: str, document: str, words: str, url: str,
                        *, signed: bool, amendment: bool = False) -> Letter:
    """To all, those who had signed too: somebody will not sign, and why if they say it. An ``amendment`` changes nothing then."""
    return compose("signature/convention_declined", network=network, dossier=dossier, to=to, decliner=decliner, document=document,
                   words=words, url=url, signed=signed, amendment=amendment)


def signature_forwarded(network: Network, dossier: Dossier, to: Participant, sender: str, document: str, url: str, pdf: bytes,
                        filename: str) -> Letter:
    """To the person a document names, at the address somebody of their structure gave: the link to sign, and the PDF."""
    return compose("signature/signature_forwarded", attachments=(Attachment(filename, "application/pdf", pdf),), network=network,
                   dossier=dossier, to=to, sender=sender, document=document, url=url)


def signer_changed(network: Network, dossier: Dossier, to: Participant, sender: str, signer: str, document: str, words: str,
                   url: str) -> Letter:
    """To the coordination: the link to sign now goes to another address, that somebody of the party gave."""
    return compose("signature/signer_changed", network=network, dossier=dossier, to=to, sender=sender, signer=signer,
                   document=document, words=words, url=url)


def copy_to_decide(network: Network, dossier: Dossier, to: Participant, sender: str, document: str, found: str,
                   url: str) -> Letter:
    """To the coordination: a document signed by hand came back, what its comparison found, where to decide."""
    return compose("signature/copy_to_decide", network=network, dossier=dossier, to=to, sender=sender, document=document,
                   found=found, url=url)


def copy_refused(network: Network, dossier: Dossier, to: Participant, document: str, words: str, url: str) -> Letter:
    """To who sent a document signed by hand: it could not be accepted, why, and how to sign all the same."""
    return compose("signature/copy_refused", network=network, dossier=dossier, to=to, document=document, words=words, url=url)
