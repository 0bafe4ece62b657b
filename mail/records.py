"""The DNS records that make the network's mail believed and its answers arrive: what to set, and what is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address

from config import Settings
from models.network import Network

from .signed_domain import check_dkim, check_dmarc
from .spf import check_spf
from .verdict import Checked, Mark
from .zone import Unanswered, Zone

__all__ = ["Checked", "Mark", "Record", "check", "wanted"]


class Kind(StrEnum):
    MX = "mx"
    SPF = "spf"
    DKIM = "dkim"
    DMARC = "dmarc"
    PTR = "ptr"


@dataclass(frozen=True)
class Record:
    """One record to set. ``lines`` are to be pasted as they are, but for what ``note`` says depends on the provider.

    ``name`` is what it is about: a domain, or the mail server for the reverse name; ``about`` what its check needs beside.
    """

    kind: Kind
    name: str
    title: str
    why: str
    lines: tuple[str, ...]
    note: str = ""
    about: str = ""


def wanted(settings: Settings, network: Network, zone: Zone | None, selector: str = "") -> list[Record]:
    """What this instance's domain needs. With a ``zone``, the reverse names are written with the addresses found there."""
    domain, sender = settings.mail_domain, settings.sender.rpartition("@")[2]
    server = settings.MAIL_SERVER
    spf = [_spf(name, server) for name in dict.fromkeys([domain, sender])]
    return [_mx(domain), *spf, _dkim(sender, selector), _dmarc(sender, network.email), _ptr(server, zone)]


def check(record: Record, zone: Zone) -> Checked:
    """What is already right or wrong of that record."""
    try:
        return _CHECKS[record.kind](record, zone)
    except Unanswered as error:
        return Checked(Mark.UNKNOWN, f"Le serveur DNS n’a pas su répondre pour {error}. Réessayez plus tard.")


def _mx(domain: str) -> Record:
    return Record(
        Kind.MX, domain, "MX", "quel serveur reçoit les réponses envoyées à ce domaine.",
        (f"{domain}.  MX  10 nom-du-serveur-qui-recoit.",),
        "Le nom vient de qui héberge la boîte aux lettres. Si cette machine reçoit elle-même (Postfix), c’est le sien.")


def _spf(domain: str, server: str) -> Record:
    if not server:
        source = "include:nom-donne-par-votre-fournisseur"
    else:
        try:
            source = f"ip{ip_address(server).version}:{server}"
        except ValueError:
            source = f"a:{server}"
    return Record(
        Kind.SPF, domain, "SPF", "quels serveurs peuvent envoyer au nom de ce domaine.",
        (f'{domain}.  TXT  "v=spf1 {source} -all"',),
        f"Si votre fournisseur d’envoi donne une ligne à lui (include:…), elle prend la place de {source}. Un seul "
        "enregistrement SPF par nom : s’il y en a déjà un, complétez-le.", about=server)


def _dkim(domain: str, selector: str) -> Record:
    name = f"{selector or 'selecteur'}._domainkey.{domain}"
    return Record(
        Kind.DKIM, name, "DKIM", "la clé publique avec laquelle chacun vérifie la signature de nos courriels.",
        (f'{name}.  TXT  "v=DKIM1; k=rsa; p=cle-publique-donnee-par-votre-fournisseur"',),
        "Le sélecteur et la clé viennent du serveur d’envoi, qui signe : demandez une clé de 2048 bits, et que la signature "
        "couvre List-Unsubscribe et List-Unsubscribe-Post.", about=selector)


def _dmarc(domain: str, reports: str) -> Record:
    return Record(
        Kind.DMARC, domain, "DMARC", "ce que les autres doivent faire d’un courriel qui se dit de nous et n’est pas signé.",
        (f'_dmarc.{domain}.  TXT  "v=DMARC1; p=none; rua=mailto:{reports}"',
         f'_dmarc.{domain}.  TXT  "v=DMARC1; p=quarantine; rua=mailto:{reports}"'),
        "La première ligne pour commencer, en observation. La seconde à sa place, après quelques semaines de rapports sans "
        "surprise.")


def _ptr(server: str, zone: Zone | None) -> Record:
    addresses: list[str] = []
    if zone and server:
        try:
            addresses = zone.addresses(server)
        except Unanswered:
            addresses = []
    lines = tuple(f"{address}  →  {server}" for address in addresses) or (
        f"adresse-IP-du-serveur-d-envoi  →  {server or 'nom-du-serveur-d-envoi'}",)
    return Record(
        Kind.PTR, server, "Nom inverse (PTR)", "le nom que porte l’adresse IP du serveur d’envoi.", lines,
        "Il ne se pose pas dans votre zone : il se demande à qui fournit l’adresse IP. Si le serveur d’envoi est celui d’un "
        "fournisseur, c’est son affaire.")


def _check_mx(record: Record, zone: Zone) -> Checked:
    found = zone.exchangers(record.name)
    if not found:
        return Checked(Mark.MISSING, f"Aucun MX pour {record.name} : les réponses n’arriveraient nulle part.")
    if "" in found:
        return Checked(Mark.WRONG, f"{record.name} dit ne recevoir aucun courriel (MX « . ») : les réponses seraient refusées.")
    lost = [name for name in found if not zone.addresses(name)]
    if lost:
        return Checked(Mark.WRONG, f"{lost[0]} ne mène à aucune adresse : vérifiez l’orthographe.")
    return Checked(Mark.RIGHT, f"Les réponses arrivent chez {', '.join(found)}.")


def _check_ptr(record: Record, zone: Zone) -> Checked:
    if not record.name:
        return Checked(Mark.UNKNOWN, "Aucun serveur d’envoi n’est réglé (MAIL_SERVER).")
    addresses = zone.addresses(record.name)
    if not addresses:
        return Checked(Mark.WRONG, f"{record.name} ne mène à aucune adresse : vérifiez MAIL_SERVER.")
    inside = [address for address in addresses if ip_address(address).is_loopback or _is_local(address)]
    if inside:
        return Checked(Mark.UNKNOWN, f"{inside[0]} est une adresse locale : c’est l’adresse publique qui compte.")
    for address in addresses:
        names = zone.names(address)
        if not names:
            return Checked(Mark.MISSING, f"{address} n’a pas de nom inverse : beaucoup de serveurs refusent ses courriels.")
        if not any(address in zone.addresses(name) for name in names):
            return Checked(Mark.WRONG, f"{address} se dit {names[0]}, mais ce nom ne ramène pas à cette adresse.")
    return Checked(Mark.RIGHT, f"{addresses[0]} porte le nom {zone.names(addresses[0])[0]}, qui ramène bien à elle.")


def _is_local(address: str) -> bool:
    number = ip_address(address)
    return number.is_link_local or address.startswith(("10.", "192.168.", "fc", "fd")) or (
        address.startswith("172.") and 16 <= int(address.split(".")[1]) <= 31)


_CHECKS: dict[Kind, Callable[[Record, Zone], Checked]] = {
    Kind.MX: _check_mx,
    Kind.SPF: lambda record, zone: check_spf(record.name, record.about, zone),
    Kind.DKIM: lambda record, zone: check_dkim(record.name, record.about, zone),
    Kind.DMARC: lambda record, zone: check_dmarc(record.name, zone),
    Kind.PTR: _check_ptr,
}
