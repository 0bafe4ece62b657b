"""Referents and their keys: enrolment by link, passphrase, recovery sheet, the end of a key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import delete, select

from mail import outbox
from mail.letters import alerte as letters
from models.alerte import Alerte, AlerteAccess, AlerteKey, AlerteSession, AlerteState
from models.base import db, transaction
from models.instance import instance
from models.network import Referent

from .. import throttle
from ..errors import AlreadyDone, LinkExpired, LinkUnknown, NotFound, Refused
from ..links import link_to
from . import codes, notices
from .coarse import day
from .sealed import CannotOpen, Locked, Pair, fingerprint, lock, new_pair, pair_of, plain, read_recovery, recovery_code, unlock

#: A way in opens nothing without the passphrase, so that it may live long; one that makes a key may not.
WAY_IN, ENROLMENT = timedelta(days=30), timedelta(days=7)
#: Signs of a passphrase, and different ones among them.
SHORTEST, DIFFERENT = 16, 6
_TRIES, _TRIED_WITHIN = 10, 900


@dataclass(frozen=True)
class Sheet:
    """What is printed once a key is made, and kept by its owner alone."""

    name: str
    email: str
    recovery: str
    fingerprint: str
    made_on: date


class WrongPassphrase(Refused):
    sentence = "Cette phrase de passe n’ouvre pas votre clé. Vérifiez les mots et leur ordre."


class WeakPassphrase(Refused):
    pass


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(instance().settings.SECRET_KEY, salt="alerte-referent")


def way_in(person: Referent, now: datetime) -> str:
    """The address of a referent's own page. Signed and not stored: no row tells when somebody wrote to them."""
    token = _serializer().dumps([_short(person), day(now).toordinal()])
    return link_to(f"/r/{token}")


def _short(person: Referent) -> str:
    return fingerprint(person.email.lower().encode()).replace(" ", "")


def read_way_in(token: str, now: datetime) -> tuple[Referent, AlerteKey | None]:
    """Whose page a link opens, with their key if it is made; changes nothing.

    :raises LinkUnknown, LinkExpired:
    """
    try:
        short, ordinal = _serializer().loads(token)
        made = date.fromordinal(ordinal)
    except (BadData, ValueError, TypeError, OverflowError):
        raise LinkUnknown() from None
    person = next((one for one in instance().network.referents if _short(one) == short), None)
    if person is None:
        raise LinkExpired("Cette adresse n’est plus celle d’une personne référente.")
    key = key_of(person.email)
    if day(now) - made >= (WAY_IN if key else ENROLMENT):
        raise LinkExpired("Ce lien n’est plus valable. Demandez-en un autre à la page « Personnes référentes ».")
    return person, key


def key_of(email: str) -> AlerteKey | None:
    return db.session.scalar(select(AlerteKey).where(AlerteKey.email == email.lower()))


def ask_way_in(email: str, now: datetime) -> None:
    """Send a referent their way in; to anybody else nothing leaves, and the page says the same, in the same time."""
    person = instance().network.referent(email)
    with transaction():
        if not throttle.allow(f"alerte-way-in:{email.strip().lower()}", 3, 900, now):
            return
        if person is not None:
            _send_way_in(person, now)
        else:
            outbox.rendered_private(letters.way_in(instance().network, "", ""), email, "", now, 0)


def invite(email: str, now: datetime) -> Referent:
    """Send a referent of ``network.toml`` the way to make their key.

    :raises NotFound: no referent has that address.
    """
    person = instance().network.referent(email)
    if person is None:
        raise NotFound(f"{email} n’est pas l’adresse d’une personne référente de network.toml.")
    with transaction():
        _send_way_in(person, now)
    return person


def _send_way_in(person: Referent, now: datetime) -> None:
    network, url = instance().network, way_in(person, now)
    letter = (letters.way_in(network, person.name, url) if key_of(person.email)
              else letters.key_to_make(network, person.name, url))
    notices.post(letter, person.email, person.name, now)


def proposed_passphrase() -> str:
    return codes.draw_passphrase()


def check_passphrase(passphrase: str, person: Referent) -> None:
    """:raises WeakPassphrase: it could be guessed; the sentence says what to do."""
    said = plain(passphrase)
    if len(said) < SHORTEST:
        raise WeakPassphrase(f"Choisissez une phrase de {SHORTEST} signes au moins : gardez par exemple celle qui est proposée.")
    telling = said
    for word in plain(f"{person.name} {person.email} {person.employer} {instance().network.name}").split():
        telling = telling.replace(word, "")
    if len(set(telling) - {" "}) < DIFFERENT:
        raise WeakPassphrase("Cette phrase se devine trop facilement. Prenez des mots sans lien entre eux ni avec vous.")


def enrol(token: str, passphrase: str, now: datetime) -> Sheet:
    """Make a referent's key pair; the private half leaves this function as a recovery sheet, and nowhere else in clear.

    :raises LinkUnknown, LinkExpired, AlreadyDone, WeakPassphrase:
    """
    person, key = read_way_in(token, now)
    if key is not None:
        raise AlreadyDone("Votre clé est déjà faite. Ouvrez votre page avec votre phrase de passe : vous pourrez y "
                          "réimprimer votre fiche de secours.")
    check_passphrase(passphrase, person)
    pair = new_pair()
    locked = lock(pair.private, passphrase)
    with transaction():
        if key_of(person.email) is not None:
            raise AlreadyDone("Votre clé vient d’être faite, sans doute par un double appui. Ouvrez votre page avec votre "
                              "phrase de passe pour imprimer votre fiche de secours.")
        db.session.add(_row(person.email, pair, locked, day(now)))
        notices.post(letters.key_made(instance().network, person.name, fingerprint(pair.public)), person.email, person.name, now)
    return sheet_of(person, pair, day(now))


def _row(email: str, pair: Pair, locked: Locked, on: date) -> AlerteKey:
    return AlerteKey(email=email.lower(), public_key=pair.public, locked_key=locked.box, salt=locked.salt,
                     passes=locked.passes, memory=locked.memory, made_on=on)


def sheet_of(person: Referent, pair: Pair, made_on: date) -> Sheet:
    return Sheet(person.name, person.email, recovery_code(pair.private), fingerprint(pair.public), made_on)


def unlocked(key: AlerteKey, passphrase: str, now: datetime) -> Pair:
    """The key pair behind a passphrase.

    :raises WrongPassphrase:
    :raises TooMany: tried too often within a quarter of an hour.
    """
    with transaction():
        allowed = throttle.allow(f"alerte-passphrase:{key.id}", _TRIES, _TRIED_WITHIN, now)
    if not allowed:
        raise WrongPassphrase("Trop d’essais. Attendez un quart d’heure, ou servez-vous de votre fiche de secours.")
    try:
        pair = pair_of(unlock(Locked(key.salt, key.passes, key.memory, key.locked_key), passphrase))
    except CannotOpen:
        raise WrongPassphrase() from None
    if pair.public != key.public_key:
        # Somebody who writes in the database could have alerts sealed to a key of theirs: it is seen at the next reading.
        raise WrongPassphrase("Votre clé n’est plus celle que le site utilise : quelqu’un l’a changée. N’écrivez rien, et "
                              "appelez les autres personnes référentes : ce qui est arrivé depuis a pu être lu.")
    return pair


def change_passphrase(key_id: int, pair: Pair, passphrase: str, person: Referent, *, but: int = 0) -> None:
    """Lock the same key with other words: all that it reads stays readable. Pages open elsewhere are closed.

    :param but: the session that changes it, which goes on.

    :raises WeakPassphrase:
    """
    check_passphrase(passphrase, person)
    locked = lock(pair.private, passphrase)
    with transaction():
        key = db.session.get(AlerteKey, key_id, with_for_update=True)
        key.locked_key, key.salt, key.passes, key.memory = locked.box, locked.salt, locked.passes, locked.memory
        db.session.execute(delete(AlerteSession).where(AlerteSession.key_id == key_id, AlerteSession.id != but))


def recover(token: str, typed: str, passphrase: str, now: datetime) -> None:
    """Lost passphrase: the recovery sheet is the key itself, and lets another passphrase be chosen.

    :raises LinkUnknown, LinkExpired, WeakPassphrase:
    :raises Refused: it is not that key's sheet.
    """
    person, key = read_way_in(token, now)
    if key is None:
        raise Refused("Vous n’avez pas encore de clé : il n’y a rien à retrouver.")
    private = read_recovery(typed)
    if private is None:
        raise Refused("Ce code de secours comporte une faute de frappe. Vérifiez chaque groupe de quatre signes.")
    pair = pair_of(private)
    if pair.public != key.public_key:
        raise Refused("Ce code de secours est celui d’une autre clé. Prenez la fiche la plus récente.")
    change_passphrase(key.id, pair, passphrase, person)


@dataclass(frozen=True)
class Standing:
    """A referent, or an address that was one, as the operator sees them."""

    email: str
    name: str
    made_on: date | None
    fingerprint: str
    named: bool
    alone_on: int
    """Alerts that nobody else could read."""


def standings() -> list[Standing]:
    """All referents the network names, then keys of those it names no more."""
    network = instance().network
    keys = {key.email: key for key in db.session.scalars(select(AlerteKey).order_by(AlerteKey.id))}
    found = [_standing(person.email, person.name, keys.pop(person.email.lower(), None), named=True)
             for person in network.referents]
    return found + [_standing(key.email, "", key, named=False) for key in keys.values()]


def _standing(email: str, name: str, key: AlerteKey | None, *, named: bool) -> Standing:
    return Standing(email, name, key.made_on if key else None, fingerprint(key.public_key) if key else "", named,
                    alone_on(key) if key else 0)


def alone_on(key: AlerteKey) -> int:
    """How many alerts no other living key reads."""
    named = {person.email.lower() for person in instance().network.referents}
    mine = db.session.scalars(select(Alerte).join(AlerteAccess).where(
        AlerteAccess.key_id == key.id, AlerteAccess.stands_by.is_(False), Alerte.state != AlerteState.ERASED.value)).all()
    return sum(not any(access.key_id != key.id and not access.stands_by and access.key.email in named
                       for access in alert.accesses) for alert in mine)


def retire(email: str, *, even_alone: bool = False) -> int:
    """Remove a key, with all it could read: a referent left, or their key is dead. Gives how many alerts nobody reads any more.

    :raises NotFound: no key has that address.
    :raises Refused: alerts would be left without a reader, and that was not agreed to.
    """
    with transaction():
        key = key_of(email)
        if key is None:
            raise NotFound(f"{email} n’a pas de clé.")
        lost = alone_on(key)
        if lost and not even_alone:
            raise Refused(f"Messages que cette personne est seule à pouvoir lire : {lost}. Qu’elle les confie d’abord à une "
                          "autre personne référente, depuis sa page. Si sa clé est perdue, ajoutez --sans-reprise.")
        db.session.execute(delete(AlerteKey).where(AlerteKey.id == key.id))
        return lost
