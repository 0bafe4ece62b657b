"""Who signs a version: one row each, made when it is sent to be signed; from a row to the proof the certificate prints."""

from __future__ import annotations

from models.backing import ASSOCIATION
from models.base import db
from models.convention import Convention
from models.dossier import Immersion, Participant
from models.signature import PartyName, Signature, Way
from models.states import Role
from pdf.certificate import BY_LINK, ON_PAPER, SignatureProof, masked
from pdf.convention import ConventionData, Party, Signatory

from ..errors import Refused

#: The order of the boxes.
_PLACES = {party.value: place for place, party in enumerate(PartyName)}
_CONTACTS = {PartyName.HOST: Role.HOST, PartyName.COMPANION: Role.AUTHOR, PartyName.EMPLOYER: Role.EMPLOYER}


def make_signatures(convention: Convention, data: ConventionData) -> list[Signature]:
    """The rows of those who sign ``convention``, in the order of the boxes; inside the transaction that issues it.

    A person who signs and is not the contact of their party takes part in the dossier from now on, as a signatory; without
    an address of their own, the contact's is used.

    :raises Refused: two parties would sign from the same address.
    """
    dossier = convention.immersion
    for party, position, structure, person in _who_signs(data):
        seat = _seat(dossier, party, person, structure)
        convention.signatures.append(Signature(
            party=party.value, position=position, participant=seat, name=person.name, quality=person.quality,
            capacity=person.capacity if structure else "", structure=structure, email=seat.email if seat else person.email))
    _check_addresses(convention.signatures)
    db.session.flush()
    return convention.signatures


def _who_signs(data: ConventionData) -> list[tuple[PartyName, int, str, Signatory]]:
    def of(name: PartyName, party: Party) -> list[tuple[PartyName, int, str, Signatory]]:
        return [(name, position, party.legal_name, person) for position, person in enumerate(party.signatories)]
    companion = Signatory(data.companion.name, data.companion.job_title, email=data.companion.email)
    return [*of(PartyName.HOST, data.host), (PartyName.COMPANION, 0, "", companion),
            *(of(PartyName.EMPLOYER, data.employer) if data.employer else [])]


def _seat(dossier: Immersion, party: PartyName, person: Signatory, structure: str) -> Participant | None:
    contact = dossier.author if party == PartyName.COMPANION else dossier.participant(_CONTACTS[party])
    email = person.email.strip().lower()
    if party == PartyName.COMPANION or not email or (contact and contact.email.lower() == email):
        return contact
    known = next((p for p in dossier.participants if p.role == Role.SIGNATORY and p.email.lower() == email), None)
    if known is None:
        known = Participant(role=Role.SIGNATORY.value, name=person.name, email=email)
        dossier.participants.append(known)
    known.active, known.name, known.quality, known.organisation = True, person.name, person.quality, structure
    return known


def _check_addresses(signatures: list[Signature]) -> None:
    """What a party signs, another must not be able to sign in its place."""
    parties: dict[str, str] = {}
    for row in signatures:
        if row.email and parties.setdefault(row.email.lower(), row.party) != row.party:
            raise Refused("Deux parties différentes signeraient depuis la même adresse de courriel. Indiquez une adresse propre "
                          "à chaque partie, puis envoyez de nouveau la convention à signer.")


def signs_for(party: str) -> str:
    """How the certificate heads a signature: « Pour la structure d’accueil », « La personne accueillie »."""
    if party == PartyName.COMPANION.label:
        return f"La {party}"
    return f"Pour l’{party}" if party == ASSOCIATION.structure else f"Pour la {party}"


def proof_of(signature: Signature) -> SignatureProof:
    """What the certificate prints of a signature. Raises ValueError when something its way needs is missing."""
    common = {"party": signs_for(signature.party_label), "name": signature.name, "quality": signature.quality,
              "capacity": signature.capacity, "structure": signature.structure, "identified_by": signature.identified_by,
              "statement": signature.statement}
    if signature.way == Way.LINK:
        return SignatureProof(way=BY_LINK, address=masked(signature.email), link=signature.link,
                              link_sent_at=signature.link_sent_at, code_sent_at=signature.code_sent_at,
                              signed_at=signature.signed_at, **common)
    return SignatureProof(way=ON_PAPER, signed_on=signature.signed_on, deposited_at=signature.deposited_at,
                          deposited_by=signature.deposited_by, accepted_at=signature.accepted_at,
                          accepted_by=signature.accepted_by, **common,
                          copy_hash=signature.copy.file.sha256 if signature.copy and signature.copy.file else "")


def proofs_of(version: Convention) -> tuple[SignatureProof, ...]:
    """Those of a version that all have signed, in the order of the boxes."""
    rows = sorted((row for row in version.signatures if row.voided_at is None),
                  key=lambda row: (_PLACES[row.party], row.position))
    return tuple(map(proof_of, rows))


def current(dossier: Immersion) -> list[Signature]:
    """The rows of what is to be signed, or was: the convention's, and those of its amendments."""
    return [row for version in dossier.conventions if version.state in ("issued", "signed") for row in version.signatures]
