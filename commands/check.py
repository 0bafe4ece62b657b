"""``flask check``: what a real instance still lacks, in French."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from flask.cli import with_appcontext

from models.instance import Instance, instance
from services import sealing


@click.command("check")
@with_appcontext
def command() -> None:
    """Dit ce qui manque encore à une instance réelle. Sortie 1 s'il manque quelque chose."""
    ring = instance()
    lacking = [*missing(ring), *sealing.warnings(datetime.now(UTC))]
    for sentence in lacking:
        click.echo(f"  ✗ {sentence}")
    click.echo("\nÀ poser dans la zone DNS de votre domaine, avec l’aide de votre hébergeur :")
    for record in dns_records(ring):
        click.echo(f"  • {record}")
    if lacking:
        click.echo(f"\nPoints à régler : {len(lacking)}. Les réglages sont dans {ring.settings.INSTANCE}/config.toml "
                   "et network.toml.")
        raise SystemExit(1)
    click.echo("\nTout est en place.")


def missing(ring: Instance) -> list[str]:
    """One sentence for each thing a real instance still lacks."""
    settings, network = ring.settings, ring.network
    wanted = [
        (len(settings.SECRET_KEY) < 32, "SECRET_KEY : mettez une clé d’au moins 32 caractères dans config.toml."),
        (not settings.secure, "PUBLIC_URL : mettez l’adresse publique du site, en https://."),
        (settings.captured_mail, "MAIL_SERVER : aucun serveur d’envoi, les courriels restent dans /courrier."),
        (bool(settings.MAIL_SERVER) and not (settings.MAIL_USE_TLS or settings.MAIL_USE_SSL),
         "MAIL_USE_TLS : la liaison avec le serveur d’envoi n’est pas chiffrée."),
        (not settings.MAIL_DOMAIN, "MAIL_DOMAIN : mettez le domaine des adresses de réponse (reponse+…@domaine)."),
        (not settings.MAIL_DEFAULT_SENDER, "MAIL_DEFAULT_SENDER : mettez l’adresse d’expédition du réseau."),
        (bool(settings.MAIL_DEFAULT_SENDER) and bool(settings.MAIL_DOMAIN)
         and not settings.MAIL_DEFAULT_SENDER.endswith(f"@{settings.MAIL_DOMAIN}"),
         "MAIL_DEFAULT_SENDER et MAIL_DOMAIN : prenez le même domaine, sinon les courriels seront jugés suspects."),
        (network.fictional, "network.toml : les valeurs sont encore celles de l’exemple (exemple = true)."),
        (network.email.endswith(".example"), "network.toml, [reseau] courriel : l’adresse est fictive."),
        (any(c.email.endswith(".example") for c in network.coordinators),
         "network.toml, [[coordination]] : une adresse est fictive."),
        (len(network.coordinators) < 2, "network.toml, [[coordination]] : prévoyez une deuxième personne, pour les absences."),
        (any(not c.deputy for c in network.coordinators if c.default),
         "network.toml, [[coordination]] suppleant : la personne par défaut n’a pas de suppléance."),
        (not network.referents, "network.toml : aucune personne référente de la confidentialité."),
        (not network.publisher.director, "network.toml, [editeur] direction_publication : mention obligatoire."),
    ]
    return [sentence for lacks, sentence in wanted if lacks]


def dns_records(ring: Instance) -> list[str]:
    """The records that make the network's mail believed and its answers arrive (SPF RFC 7208, DMARC RFC 7489)."""
    domain = ring.settings.MAIL_DOMAIN or "votre-domaine.fr"
    return [
        f"{domain}  MX   10 le-serveur-qui-reçoit-vos-courriels.",
        f"{domain}  TXT  \"v=spf1 include:le-spf-de-votre-serveur-d-envoi -all\"",
        f"selecteur._domainkey.{domain}  TXT  la clé DKIM donnée par votre serveur d’envoi",
        f"_dmarc.{domain}  TXT  \"v=DMARC1; p=quarantine; rua=mailto:{ring.network.email}\"",
    ]
