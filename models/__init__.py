"""The nouns of the network and their rules."""

from . import (  # noqa: F401  every table is known as soon as one is
    access_link,
    address,
    alerte,
    convention,
    conversation,
    delivery,
    dossier,
    inbound,
    journal,
    outbox,
    sealing,
    second_factor,
    signature,
    stored_file,
    structure,
    throttle,
)
