"""What is taken out of somebody's words before they are sent to somebody else: addresses of the people of the dossier, our
own addresses and personal links. Only the letter is changed: the words are kept as they came."""

from __future__ import annotations

import re

from sqlalchemy import select

from mail.addresses import FAMILIES
from models.access_link import AccessLink, hash_token
from models.base import db
from models.dossier import Dossier, Participant
from models.instance import instance

_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+")
#: A personal link, however a gateway rewrote it: the token is the last piece of its path (services/links.py).
_TOKEN = re.compile(r"(?<=/|=)[\w-]{43}(?![\w-])|(?<=%2[Ff])[\w-]{43}(?![\w-])")
#: What stands where a personal link stood.
LINK_TAKEN_OUT = "[lien personnel retiré]"


def relayed(words: str, dossier: Dossier, to: Participant | None = None) -> str:
    """``words`` as ``to`` may read them (nobody in particular: as everybody may).

    The address of a participant becomes their name, but for the reader's own; an address or a personal link of ours, left
    in a quote that was not cut, is taken out. Other addresses stay: they were given on purpose.
    """
    own = to.email.lower() if to is not None else ""
    names = {person.email.lower(): person.shown_to(to) for person in dossier.participants if person.email.lower() != own}
    domain = instance().settings.mail_domain.lower()

    def without(found: re.Match[str]) -> str:
        address = found[0].strip("'")
        family, _, host = address.lower().partition("@")
        if host == domain and re.split(r"[+=]", family)[0] in FAMILIES:
            return instance().network.name
        return found[0].replace(address, names.get(address.lower(), address))

    return _without_links(_ADDRESS.sub(without, words))


def _without_links(words: str) -> str:
    tokens = {token: hash_token(token) for token in _TOKEN.findall(words)}
    if not tokens:
        return words
    ours = set(db.session.scalars(select(AccessLink.token_hash).where(AccessLink.token_hash.in_(tokens.values()))))
    return _TOKEN.sub(lambda found: LINK_TAKEN_OUT if tokens[found[0]] in ours else found[0], words)
