"""The nouns of the network and their rules."""

from . import (  # noqa: F401  every table is known as soon as one is
    access_link,
    address,
    alerte,
    attestation,
    convention,
    conversation,
    delivery,
    dossier,
    evaluation,
    inbound,
    journal,
    outbox,
    sealing,
    search,
    second_factor,
    session_move,
    signature,
    stored_file,
    structure,
    throttle,
)
