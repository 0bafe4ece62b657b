"""``flask mail dns``, ``test`` and ``status``: what makes the instance's mail believed, whether it leaves, how it is going."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import with_appcontext

from mail.records import Checked, Mark, Record, check, wanted
from mail.trial import Outcome
from mail.zone import NoResolver, Zone
from models.instance import instance
from models.typography import french
from services import delivery
from services.mail_trial import send_trial
from territory.calendar import say_datetime

from .inbox import EX_TEMPFAIL
from .mail_words import EXPLAINED

_MARKS = {Mark.RIGHT: "✓", Mark.WRONG: "✗", Mark.MISSING: "✗", Mark.ADVICE: "!", Mark.UNKNOWN: "?"}


@click.group("mail")
def command() -> None:
    """Les courriels qui partent."""


@command.command("test")
@click.argument("address", metavar="ADRESSE")
@with_appcontext
def test_command(address: str) -> None:
    """Envoie tout de suite un courriel d'essai, et explique la réponse du serveur.

    Sortie 0 : accepté ; 75 : à refaire plus tard ; 1 : refusé.
    """
    settings = instance().settings
    if settings.captured_mail:
        _say("Aucun serveur d'envoi n'est réglé (MAIL_SERVER est vide) : les courriels restent dans la boîte intégrée, "
             "/courrier. Rien n'a été envoyé.")
        raise SystemExit(1)
    try:
        trial = send_trial(address.strip(), datetime.now(UTC))
    except ValueError as error:
        raise click.BadParameter(french("ce n'est pas une adresse de courriel. Exemple : prenom.nom@exemple.fr.")) from error
    _say(f"Serveur d'envoi : {settings.MAIL_SERVER}, port {settings.MAIL_PORT}")
    _say(f"Chiffrement : {trial.tls or 'aucun'}")
    _say(f"Identifiant : {settings.MAIL_USERNAME or 'aucun'}")
    _say(f"Expéditeur : {settings.sender}")
    click.echo(f"{french('Réponse :')} {trial.said}")
    happened, todo = EXPLAINED[trial.outcome]
    done = trial.outcome == Outcome.ACCEPTED
    _say(f"\n{'✓' if done else '✗'} {happened}\n→ {todo}")
    if not done:
        raise SystemExit(EX_TEMPFAIL if trial.outcome == Outcome.LATER else 1)


@command.command("dns")
@click.option("--selecteur", metavar="NOM", default="", help="Le sélecteur DKIM que donne votre fournisseur, à vérifier.")
@click.option("--serveur", metavar="IP[:PORT]", default="", help="Le serveur DNS à interroger, au lieu de celui d'ici.")
@with_appcontext
def dns_command(selecteur: str, serveur: str) -> None:
    """Dit les enregistrements à poser dans la zone DNS, et ce qui y est déjà juste ou faux.

    Sortie 0 : rien de faux ; 1 : quelque chose manque ou est faux ; 75 : rien n'a pu être vérifié.
    """
    settings, network = instance().settings, instance().network
    _say(f"Domaine des courriels : {settings.mail_domain}. Expéditeur : {settings.sender}. "
         f"Serveur d'envoi : {settings.MAIL_SERVER or 'aucun'}.\n")
    try:
        zone = Zone(serveur)
    except ValueError as error:
        raise click.BadParameter(french("écrivez une adresse IP, et un port si besoin : 9.9.9.9 ou 127.0.0.1:5353."),
                                 param_hint="--serveur") from error
    try:
        zone.reach()
    except NoResolver:
        for record in wanted(settings, network, None, selecteur):
            _show(record, None)
        _say("Aucun serveur DNS ne répond : rien n'a été vérifié. Relancez la commande depuis une machine reliée à internet.")
        raise SystemExit(EX_TEMPFAIL) from None
    records = wanted(settings, network, zone, selecteur)
    found = [check(record, zone) for record in records]
    for record, checked in zip(records, found, strict=True):
        _show(record, checked)
    wrong = sum(checked.mark in (Mark.WRONG, Mark.MISSING) for checked in found)
    _say("Une modification de zone met de quelques minutes à un jour pour être vue partout.")
    if wrong:
        _say(f"Enregistrements à poser ou à corriger : {wrong}.")
        raise SystemExit(1)
    _say("Rien n'est faux.")


@command.command("status")
@with_appcontext
def status_command() -> None:
    """Dit comment partent les courriels. Sortie 1 : quelque chose demande de l'attention."""
    now = current_app.extensions["clock"]()
    found, outage = delivery.standing(now), None if instance().settings.captured_mail else delivery.under_way()
    for state, count in found.letters.items():
        if count:
            _say(f"{state.label} : {count}")
    last = say_datetime(found.last_sent_at) if found.last_sent_at else "jamais"
    _say(f"Dernier accepté par le serveur d'envoi : {last}\nAdresses arrêtées : {found.stopped}")
    if found.not_delivered:
        _say("\nDerniers courriels non remis :")
    for one in found.not_delivered:
        _say(f"  • {one.recipient}, écrit le {say_datetime(one.created_at)} : {one.said or 'sans explication'}")
    troubles = []
    if outage:
        troubles.append(f"Serveur d'envoi : rien ne part depuis le {say_datetime(outage.since)}. Il a répondu : {outage.said}")
    if found.late:
        troubles.append(f"Courriels en retard de plus de cinq minutes : {found.late}, le plus ancien depuis le "
                        f"{say_datetime(found.late_since)}.")
    for trouble in troubles:
        _say(f"  ✗ {trouble}")
    if troubles:
        raise SystemExit(1)
    _say("Tout va bien.")


def _show(record: Record, checked: Checked | None) -> None:
    _say(f"{record.title} : {record.why}")
    for line in record.lines:
        click.echo(f"    {line}")
    if record.note:
        _say(f"  {record.note}")
    if checked:
        _say(f"  {_MARKS[checked.mark]} {checked.sentence}")
    click.echo()


def _say(words: str) -> None:
    click.echo(french(words))
