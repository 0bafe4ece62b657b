"""``flask convention example DIR``: every legal frame as it is printed and as it is sealed, from invented data."""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from models.convention import SealState
from models.instance import instance
from models.signature import PartyName
from pdf import own_texts
from pdf.certificate import BY_LINK, ON_PAPER, CertificateData, SignatureProof, masked
from pdf.convention import FRAMES, ConventionData, content_hash, convention_pdf, from_json
from pdf.convention_data import TO_SIGN, NetworkIdentity, Signatory
from pdf.frozen import from_plain
from pdf.protocole import ProtocoleData
from pdf.released import current_template
from pdf.seal_key import SealKey, UnusableKey
from services import convention, sealing
from services.convention import paper, signatories, signing

EXAMPLES = Path(__file__).resolve().parent.parent / "demonstration" / "conventions.toml"
#: The example has a date of its own: written again, it is the same.
SENT_AT = datetime(2027, 1, 13, 8, 30, tzinfo=UTC)
CODE = "EXEM-PLE{}"


@click.group("convention")
def command() -> None:
    """Les conventions d’immersion."""


@command.command("example")
@click.argument("folder", metavar="DOSSIER", type=click.Path(file_okay=False, path_type=Path))
@with_appcontext
def example_command(folder: Path) -> None:
    """Écrit dans DOSSIER, pour chaque cadre juridique, la version à imprimer et une version signée et scellée.

    Les données sont inventées, sauf le nom et les coordonnées du réseau. Rien n’est gardé dans la base.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        key = sealing.seal_key(datetime.now(UTC))
        for number, data in enumerate(examples(), 1):
            name, printed = f"{number}-{data.frame.replace('_', '-')}", convention_pdf(data)
            sealed = sealing.seal_document(convention_pdf(data, certificate_of(data, printed, key)), SENT_AT + timedelta(days=6))
            click.echo(f"{FRAMES[data.frame].name}")
            for kind, content in (("a-imprimer", printed), ("scellee", sealed.content)):
                path = folder / f"{name}-{kind}.pdf"
                write_whole(path, content)
                click.echo(f"  {path}  ({len(content) // 1024} Ko)")
            click.echo(f"  sceau {sealed.level}{' : ' + sealed.note if sealed.note else ''}")
    except UnusableKey as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"{error.filename} ne peut pas être écrit : {error.strerror}.") from error
    click.echo(f"\nEmpreinte du certificat du sceau : {key.fingerprint}")
    click.echo("Tout y est inventé. Faites relire les textes par un·e juriste avant la première signature.")


@command.command("seal")
@click.argument("reference", metavar="[RÉFÉRENCE]", required=False, default="")
@with_appcontext
def seal_command(reference: str) -> None:
    """Scelle tout de suite ce que tout le monde a signé, sans attendre l'heure du prochain essai.

    Avec une RÉFÉRENCE, pour cette demande seulement. Sortie 1 si quelque chose reste à sceller.
    """
    found = convention.seal_now(datetime.now(UTC), reference)
    left = 0
    for row in found:
        sealed = row.seal_state == SealState.SEALED
        left += not sealed
        name = f"{row.immersion.reference}, " + (f"avenant nº {row.number}" if row.number else f"version {row.version}")
        click.echo(f"  {'✓' if sealed else '✗'} {name} : " + (
            f"scellé ({row.sealing.level}){', ' + row.sealing.note if row.sealing.note else ''}" if sealed
            else (row.sealing.error if row.sealing else "") or "un autre processus s’en occupe"))
    click.echo("Rien n’attend d’être scellé." if not found else f"\nScellés : {len(found) - left}. Restent : {left}.")
    if left:
        raise SystemExit(1)


def examples() -> Iterator[ConventionData]:
    """One complete convention for each frame, in the order of ``FRAMES``, in the name of this network."""
    written = tomllib.loads(EXAMPLES.read_text("utf-8"))
    for number, code in enumerate(FRAMES, 1):
        own = dict(written["cadres"][code])
        base = written["commun"] | (written["cadres"][own.pop("comme")] if "comme" in own else {})
        plain = base | own
        if plain.pop("sans_employeur", False):
            plain["employer"] = None
        code_of_it = CODE.format(number)
        yield replace(from_json(_plain({
            **plain, "frame": code, "status": TO_SIGN, "reference": f"IMM-2027-{number:04d}", "network": _network()})),
            template=current_template(),
            verification_code=code_of_it, verification_url=f"{instance().settings.PUBLIC_URL}/verifier/{code_of_it}")


def protocol_example() -> ProtocoleData:
    """A complete protocol of a mentoring, agreed to by all, in the name of this network."""
    written = tomllib.loads((EXAMPLES.parent / "protocole.toml").read_text("utf-8"))
    return replace(from_plain(ProtocoleData, _plain(written | {"network": _network()})),
                   template=current_template(own_texts.PROTOCOLE))


def certificate_of(data: ConventionData, printed: bytes, key: SealKey) -> CertificateData:
    """The certificate of an example: the first signs on paper, the others by link."""
    people = [(PartyName.HOST, data.host.legal_name, person) for person in data.host.signatories]
    companion = Signatory(data.companion.name, data.companion.job_title, "", data.companion.email)
    people.append((PartyName.COMPANION, "", companion))
    if data.employer:
        people += [(PartyName.EMPLOYER, data.employer.legal_name, each) for each in data.employer.signatories]
    return CertificateData(
        reference=data.reference, version=data.version, network=data.network, content_hash=content_hash(data),
        issued_hash=hashlib.sha256(printed).hexdigest(), issued_at=SENT_AT, completed_at=SENT_AT + timedelta(days=6),
        proofs=tuple(_proof(rank, data, *each) for rank, each in enumerate(people)), seal_owner=key.owner,
        seal_fingerprint=key.fingerprint, verification_code=data.verification_code, verification_url=data.verification_url)


def _proof(rank: int, data: ConventionData, party: PartyName, structure: str, person: Signatory) -> SignatureProof:
    """In the very words of a real one: it is what a jurist reads."""
    who = {"party": signatories.signs_for(party.label), "structure": structure, "name": person.name, "quality": person.quality,
           "capacity": person.capacity}
    signed_at = SENT_AT + timedelta(days=rank, minutes=17 * rank)
    if rank == 0:
        return SignatureProof(
            **who, way=ON_PAPER, statement=paper.BY_HAND, signed_on=date(2027, 1, 18),
            deposited_at=SENT_AT + timedelta(days=5, hours=6), deposited_by="la personne",
            accepted_at=SENT_AT + timedelta(days=6), accepted_by=data.network.coordinator,
            copy_hash=hashlib.sha256(b"exemple").hexdigest(),
            identified_by=paper.recognised(paper.BY_REPLY))
    address = masked(person.email)
    return SignatureProof(
        **who, address=address, way=BY_LINK, signed_at=signed_at, link=f"lien exemple-{rank}", link_sent_at=SENT_AT,
        code_sent_at=signed_at - timedelta(minutes=2), identified_by=signing.recognised(address),
        statement=signing.declaration(f"la convention {data.reference}, version {data.version}", structure, person.capacity))


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that is whole or not there, whatever happens meanwhile."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _network() -> dict[str, str]:
    network = instance().network
    coordinator = next((each for each in network.coordinators if each.default), network.coordinators[0])
    identity = NetworkIdentity(
        network.name, network.full_name, coordinator.name, network.email, network.phone, network.publisher.address,
        network.publisher.name, network.publisher.email or network.email, "cinq ans après la fin de l’immersion")
    return vars(identity)


def _plain(value: Any) -> Any:
    """A value of TOML as JSON would hold it."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date | time) else value
