"""Letters that recognise: the attestation and its badge, or that they no longer hold."""

from __future__ import annotations

from models.dossier import Dossier, Participant
from models.network import Network

from ..letter import Attachment, Letter, compose


def attestation_ready(network: Network, dossier: Dossier, to: Participant, code: str, url: str,
                      files: tuple[Attachment, ...]) -> Letter:
    """To the person received, and to the host: the sealed PDF, the badge, what each is for."""
    return compose("attestation/attestation_ready", attachments=files, network=network, dossier=dossier, to=to, code=code,
                   url=url)


def attestation_revoked(network: Network, dossier: Dossier, to: Participant, words: str) -> Letter:
    """To both: it no longer holds, and why."""
    return compose("attestation/attestation_revoked", network=network, dossier=dossier, to=to, words=words)
