"""``flask check``: what a real instance still lacks, in French."""

from __future__ import annotations

import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from mail.records import wanted
from models.charter import charter_problems
from models.convention import SealState
from models.instance import Instance, instance
from models.network import Network
from services import convention, delivery, sealing, sweeping
from services.alerte import referents, watch
from services.attestation import making as attestations
from services.inbound import carriers
from services.mentorat import making as protocols
from services.observatoire import outlines
from services.own_texts import own_texts_problems, protocol_text_problems
from territory.calendar import say_date, say_datetime

from .convention import examples, protocol_example

#: No letter travels to reach a mail server of this very machine.
_HERE = {"", "127.0.0.1", "::1", "localhost"}

#: Said at the start too: the site has a public address, and sends nothing.
NO_MAIL_LEAVES = (
    "MAIL_SERVER : aucun serveur d’envoi, aucun courriel ne part, et ceux que Ring écrit d’ici là ne partiront pas plus tard. "
    "PUBLIC_URL est une adresse publique : la boîte intégrée /courrier y reste fermée, car elle montrerait à tout le monde les "
    "courriels de chacun. Pour un simple essai, retirez PUBLIC_URL.")


@click.command("check")
@with_appcontext
def command() -> None:
    """Dit ce qui manque encore à une instance réelle. Sortie 1 s'il manque quelque chose."""
    ring = instance()
    lacking = [*missing(ring), *sending_fails(), *sealing.warnings(datetime.now(UTC)), *sealing_fails(), *outlines_fail(),
               *alerts_lack(), *clock_fails(), *texts_fail(), *protocol_text_fails(), *charter_problems()]
    for sentence in lacking:
        click.echo(f"  ✗ {sentence}")
    click.echo("\nÀ poser dans la zone DNS de votre domaine (« flask --app app mail dns » dit ce qui y est déjà) :")
    settings = ring.settings
    if not settings.MAIL_DOMAIN:
        settings = replace(settings, MAIL_DOMAIN="votre-domaine.fr", MAIL_DEFAULT_SENDER="reseau@votre-domaine.fr")
    for record in wanted(settings, ring.network, None):
        click.echo(f"  • {record.lines[0]}")
    if lacking:
        click.echo(f"\nPoints à régler : {len(lacking)}. Les réglages sont dans {ring.settings.INSTANCE}/config.toml "
                   "et network.toml.")
        raise SystemExit(1)
    click.echo("\nTout est en place.")


def texts_fail() -> list[str]:
    """What is wrong with the instance's own texts of the convention."""
    try:
        return list(own_texts_problems(examples()))
    except SQLAlchemyError:
        # The tables are not made yet: no convention cites a text.
        return []


def protocol_text_fails() -> list[str]:
    """What is wrong with the instance's own texts of the protocol of a mentoring."""
    try:
        return list(protocol_text_problems(protocol_example()))
    except SQLAlchemyError:
        return []


def sealing_fails() -> list[str]:
    """What all have signed or agreed to, and could not be made or sealed."""
    try:
        failing = [row for row in convention.waiting() if row.seal_state == SealState.FAILED]
        others = [*((reference, "une attestation") for reference in attestations.fails()),
                  *((reference, "la dernière version du protocole") for reference in protocols.fails())]
    except SQLAlchemyError:  # the database is not made yet: nothing has been signed
        return []
    return [f"{row.immersion.reference} : signée, mais le scellement échoue. {row.sealing.error} "
            "Une fois réparé : « flask --app app convention seal »." for row in failing] + [
            f"{reference} : {what} ne peut pas être faite et envoyée, malgré plusieurs essais. Les journaux du service disent "
            "pourquoi ; elle part d’elle-même une fois la cause réparée." for reference, what in others]


def clock_fails() -> list[str]:
    """What the clock cannot do, one sentence for each request or row; the rest of its work goes on."""
    try:
        found = sweeping.failing()
    except SQLAlchemyError:  # the tables are not made yet
        return []
    return [f"Horloge : « {one.work} » échoue{f' pour {one.about}' if one.about else ''} depuis le {say_date(one.since)} "
            f"(essais : {one.times}). {one.error}. Le reste du travail se fait ; voyez docs/runbook.md, "
            "« Quand l’horloge n’y arrive pas »." for one in found]


def missing(ring: Instance) -> list[str]:
    """One sentence for each thing a real instance still lacks."""
    settings, network = ring.settings, ring.network
    wanted = [
        (len(settings.SECRET_KEY) < 32, "SECRET_KEY : mettez une clé d’au moins 32 caractères dans config.toml."),
        (not settings.secure, "PUBLIC_URL : mettez l’adresse publique du site, en https://."),
        (settings.open_mailbox, "MAIL_SERVER : aucun serveur d’envoi, les courriels restent dans /courrier."),
        (settings.captured_mail and not settings.open_mailbox, NO_MAIL_LEAVES),
        (settings.MAIL_SERVER not in _HERE and not (settings.MAIL_USE_TLS or settings.MAIL_USE_SSL),
         "MAIL_USE_TLS : la liaison avec le serveur d’envoi n’est pas chiffrée."),
        (bool(settings.MAIL_SERVER) and not _can_receive(),
         "IMAP_URL ou INBOX_LISTEN : rien ne reçoit encore les réponses (docs/runbook.md, « Les courriels qui arrivent »)."),
        (not settings.MAIL_DOMAIN, "MAIL_DOMAIN : mettez le domaine des adresses de réponse (reponse+…@domaine)."),
        (not settings.MAIL_DEFAULT_SENDER, "MAIL_DEFAULT_SENDER : mettez l’adresse d’expédition du réseau."),
        (bool(settings.MAIL_DEFAULT_SENDER) and bool(settings.MAIL_DOMAIN)
         and not settings.MAIL_DEFAULT_SENDER.endswith(f"@{settings.MAIL_DOMAIN}"),
         "MAIL_DEFAULT_SENDER et MAIL_DOMAIN : prenez le même domaine, sinon les courriels seront jugés suspects."),
        (bool(settings.MAIL_REDIRECT_TO),
         "MAIL_REDIRECT_TO : tous les courriels partent à une seule adresse. Retirez ce réglage sur une instance réelle."),
        (network.fictional, "network.toml : les valeurs sont encore celles de l’exemple (exemple = true)."),
        (len(network.coordinators) < 2, "network.toml, [[coordination]] : prévoyez une deuxième personne, pour les absences."),
        (any(not c.deputy for c in network.coordinators if c.default),
         "network.toml, [[coordination]] suppleant : la personne par défaut n’a pas de suppléance."),
        (not network.help.safety_email,
         "network.toml, [entraide] adresse_secours : personne n’est prévenu quand une demande d’aide reste sans réponse."),
        (not network.referents, "network.toml : aucune personne référente de la confidentialité."),
        (bool(network.referents) and not any(r.outside for r in network.referents),
         "network.toml, [[referents_confidentialite]] exterieur : aucun contact extérieur ne peut lire une alerte qu’aucune "
         "autre personne ne doit lire."),
        (any(not r.employer for r in network.referents),
         "network.toml, [[referents_confidentialite]] employeur : sans lui, une personne référente peut lire l’alerte d’un ou "
         "d’une collègue."),
        (not network.emergencies, "network.toml, [[urgence]] : aucun numéro d’urgence n’est montré à qui écrit une alerte."),
        (not network.publisher.director, "network.toml, [editeur] direction_publication : mention obligatoire."),
    ]
    return [sentence for lacks, sentence in wanted if lacks] + _invented(network) + _open_to_others(settings.INSTANCE)


def _invented(network: Network) -> list[str]:
    """One sentence for each block of ``network.toml`` that still holds what the example invented."""
    addresses = {
        "[reseau] courriel": [network.email], "[[coordination]]": [one.email for one in network.coordinators],
        "[[referents_confidentialite]]": [one.email for one in network.referents],
        "[[administration]]": [one.email for one in network.administrators],
        "[[lecture]]": [one.email for one in network.readers], "[editeur] courriel": [network.publisher.email],
        "[hebergeur] courriel": [network.host.email], "[entraide] adresse_secours": [network.help.safety_email],
        "[[orientation]]": [one.email for one in network.help.orientations]}
    names = {"[editeur]": [network.publisher.name], "[hebergeur]": [network.host.name],
             "[[orientation]]": [one.name for one in network.help.orientations]}
    return [f"network.toml, {where} : une adresse est fictive." for where, found in addresses.items()
            if any(one.endswith(".example") for one in found)] + [
            f"network.toml, {where} : le nom est encore celui de l’exemple." for where, found in names.items()
            if any(one.endswith(" Exemple") for one in found)]


def _open_to_others(folder: Path) -> list[str]:
    if folder.stat().st_mode & stat.S_IRWXO:
        return [f"{folder} : tout compte de cette machine peut le lire ; faites « chmod 700 {folder} »."]
    return []

def alerts_lack() -> list[str]:
    """One sentence for each referent without a key, or named no more, and where alerts wait unread."""
    try:
        found = referents.standings()
        unread = watch.unread_for_long(datetime.now(UTC))
    except SQLAlchemyError:  # the tables are not made yet
        return []
    lacking = [f"Alertes : {one.name} n’a pas encore fait sa clé (« flask --app app alert enrol {one.email} »)."
               for one in found if one.named and one.made_on is None]
    lacking += [f"Alertes : {one.email} n’est plus dans network.toml et garde une clé "
                f"(« flask --app app alert retire {one.email} »)." for one in found if not one.named]
    if unread:
        lacking.append(f"Alertes : messages que personne n’a lus malgré les rappels : {unread}. Appelez les personnes "
                       "référentes.")
    return lacking


def _can_receive() -> bool:
    try:
        return carriers.can_receive()
    except SQLAlchemyError:
        # The tables are not made yet: nothing ever came.
        return False


def outlines_fail() -> list[str]:
    """One sentence where the contours loaded for the map cannot be drawn."""
    try:
        outlines.read()
    except outlines.UnusableOutlines as error:
        return [f"carte : {error}"]
    return []


def sending_fails() -> list[str]:
    """One sentence where letters wait because the mail server cannot be used, with what it said."""
    if instance().settings.captured_mail:
        return []
    try:
        outage = delivery.under_way()
    except SQLAlchemyError:  # the database is not made yet: nothing has been sent
        return []
    return [f"Serveur d’envoi : rien ne part depuis le {say_datetime(outage.since)}, les courriels attendent. Il a répondu : "
            f"{outage.said}"] if outage else []
