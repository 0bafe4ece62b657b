"""DKIM and DMARC: the key a domain signs with, and what it asks others to do with what is not signed."""

from __future__ import annotations

import base64
import binascii
import re

from .verdict import Checked, Mark
from .zone import Zone

#: Bytes of an RSA public key as DKIM writes it (DER): 1024 bits make 162, 2048 make 294.
_SHORT, _MIDDLING = 150, 280


def check_dkim(name: str, selector: str, zone: Zone) -> Checked:
    """What the key at ``name`` is worth (RFC 6376, 3.6.1; RFC 8301 for its length); nothing is known without a selector."""
    if not selector:
        return Checked(Mark.UNKNOWN, "Pour le vérifier, donnez le sélecteur : flask --app app mail dns --selecteur NOM.")
    found = zone.texts(name)
    if not found:
        return Checked(Mark.MISSING, f"Aucune clé à {name}.")
    tags = _tags(found[0])
    key = re.sub(r"\s", "", tags.get("p", ""))
    if len(found) > 1 or tags.get("v", "DKIM1") != "DKIM1" or "p" not in tags:
        return Checked(Mark.WRONG, f"Ce qui est à {name} n’est pas une clé, et une seule : recopiez la ligne du fournisseur.")
    if not key:
        return Checked(Mark.WRONG, f"La clé de {name} est révoquée (p= est vide) : les signatures ne valent plus rien.")
    try:
        length = len(base64.b64decode(key, validate=True))
    except binascii.Error:
        return Checked(Mark.WRONG, f"La clé de {name} est abîmée : elle a sans doute été coupée en la recopiant.")
    if tags.get("k", "rsa").lower() == "rsa":
        if length < _SHORT:
            return Checked(Mark.WRONG, f"La clé de {name} est trop courte ou coupée : elle ne compte pas (RFC 8301).")
        if length < _MIDDLING:
            return Checked(Mark.ADVICE, f"La clé de {name} fait 1024 bits : demandez-en une de 2048.")
    if "y" in tags.get("t", "").split(":"):
        return Checked(Mark.ADVICE, f"La clé de {name} se dit à l’essai (t=y) : retirez t=y quand tout marche.")
    return Checked(Mark.RIGHT, f"La clé de {name} est en place.")


def check_dmarc(domain: str, zone: Zone) -> Checked:
    """What ``domain`` or the domain above it asks for (RFC 7489)."""
    for at in _and_above(domain):
        found = [text for text in zone.texts(f"_dmarc.{at}") if re.match(r"v\s*=\s*DMARC1\s*(?:;|$)", text)]
        if found:
            break
    else:
        return Checked(Mark.MISSING, f"Aucun DMARC pour {domain}.")
    if len(found) > 1:
        return Checked(Mark.WRONG, f"{len(found)} DMARC à _dmarc.{at} : aucun ne compte (RFC 7489, 6.6.3). N’en gardez qu’un.")
    tags = _tags(found[0])
    policy = (tags.get("sp", "") if at != domain else "") or tags.get("p", "")
    where = f"Le DMARC de {domain}" if at == domain else f"Le DMARC de {at}, qui vaut pour {domain},"
    if policy.lower() not in ("none", "quarantine", "reject"):
        return Checked(Mark.WRONG, f"{where} ne dit pas quoi faire : p= vaut none, quarantine ou reject.")
    if lost := _unwelcome_reports(at, tags.get("rua", ""), zone):
        return Checked(Mark.ADVICE, f"{where} envoie ses rapports à {lost}, qui ne les attend pas : il faut "
                                    f"{at}._report._dmarc.{lost}.  TXT  \"v=DMARC1\" dans sa zone, ou une adresse du domaine.")
    if policy.lower() == "none":
        return Checked(Mark.ADVICE, f"{where} observe seulement (p=none). Passez à p=quarantine quand les rapports sont "
                                    "sans surprise.")
    return Checked(Mark.RIGHT, f"{where} est en place (p={policy.lower()}).")


def _and_above(domain: str) -> list[str]:
    """The domain, then those above it down to two labels."""
    labels = domain.split(".")
    return [".".join(labels[start:]) for start in range(max(1, len(labels) - 1))]


def _unwelcome_reports(domain: str, rua: str, zone: Zone) -> str:
    """A domain that gets reports about ``domain`` without having agreed to (RFC 7489, 7.1), or ""."""
    for uri in rua.split(","):
        to = uri.strip().partition("!")[0].rpartition("@")[2].lower()
        ours = not to or ".".join(to.split(".")[-2:]) == ".".join(domain.split(".")[-2:])
        if not ours and not any(text.startswith("v=DMARC1") for text in zone.texts(f"{domain}._report._dmarc.{to}")):
            return to
    return ""


def _tags(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(";") if "=" in part)
    return {name.strip(): value.strip() for name, _, value in pairs}
