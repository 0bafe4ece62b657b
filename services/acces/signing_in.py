"""The way in of the network's team: a link by mail, then a code for who needs one; sessions that can be looked at and closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, true, update

from mail import outbox
from mail.letters import coordination as letters
from models.access_link import AccessLink, Purpose, hash_token, new_link
from models.base import db, insert_row, transaction
from models.instance import instance
from models.team import TeamMember
from territory.calendar import say_datetime

from .. import throttle
from ..errors import LinkExpired
from ..links import link_to, link_url, read_link
from . import second_factor

#: What a sign-in link asked for by a browser that came before bears.
_KNOWN = "appareil"
_NO_MORE = "Cette adresse n’ouvre plus cet espace."


@dataclass(frozen=True)
class Browser:
    """What asks to come in: ``label`` as its owner would say it, ``device`` the token it was given an earlier time, or ""."""

    label: str
    device: str = ""


@dataclass(frozen=True)
class Entry:
    """What a browser is given: a session, or the right to give a code; and ``device``, where it was not known yet."""

    member: TeamMember
    session: str = ""
    code: str = ""
    device: str = ""


def ask(email: str, access: str, now: datetime, device: str = "") -> None:
    """Send a way in to an address of the team; an unknown one gets a letter too, so that the screen is always the same.

    Anybody may ask for anybody: whoever does so all day long must not keep the owner out. A browser that came before has counts
    of its own, and its link is not cancelled by those that strangers ask for.

    :param device: the token the browser was given an earlier time, or "".
    """
    ring = instance()
    with transaction():
        known = _came_before(email, device, now)
        if not _may_ask(email, access, known, now):
            return
        member = ring.network.team_member(email)
        # Made for nobody too: an unknown address takes as long, but for the row of the link.
        token, row = new_link(Purpose.SIGN_IN, member.email if member else email, now)
        row.about = _KNOWN if known else ""
        _revoke(row.email, now, Purpose.SIGN_IN, about=(row.about,) if not known else ("", _KNOWN))
        if member is None:
            rejoin = link_to("/rejoindre")
            outbox.post_to_address(letters.sign_in_unknown(ring.network, rejoin), email, "", now)
            return
        insert_row(row)
        letter = letters.sign_in_link(ring.network, member.name, link_url(Purpose.SIGN_IN, token))
        outbox.post_to_address(letter, member.email, member.name, now)


def _came_before(email: str, device: str, now: datetime) -> bool:
    return bool(device) and hash_token(device) in _devices(email, now)


def _devices(email: str, now: datetime) -> list[str]:
    """Hashes of the tokens of browsers that came in with that address."""
    return list(db.session.scalars(select(AccessLink.token_hash).where(
        AccessLink.purpose == Purpose.DEVICE.value, func.lower(AccessLink.email) == email.lower(),
        AccessLink.revoked_at.is_(None), AccessLink.expires_at > now)))


def _may_ask(email: str, access: str, known: bool, now: datetime) -> bool:
    who, from_here = email.lower(), throttle.allow(f"sign-in-from:{access}", 30, 3600, now)
    if known:
        return throttle.allow(f"sign-in-known:{who}", 5, 900, now)
    soon = throttle.allow(f"sign-in:{who}", 3, 900, now)
    # Beyond a day's share, one letter each half-hour: a nuisance to its owner, who is never locked out for a day.
    often = throttle.allow(f"sign-in-day:{who}", 20, 86400, now) or throttle.allow(f"sign-in-slow:{who}", 1, 1800, now)
    return from_here and soon and often


def read(token: str, now: datetime) -> TeamMember:
    """Whom a sign-in link is for; changes nothing.

    :raises LinkUnknown, LinkExpired:
    """
    return _member(read_link(token, Purpose.SIGN_IN, now))


def _member(row: AccessLink) -> TeamMember:
    member = instance().network.team_member(row.email)
    if member is None:
        raise LinkExpired(_NO_MORE)
    return member


def enter(token: str, browser: Browser, now: datetime) -> Entry:
    """Spend a sign-in link: a session, or first the code of who needs one.

    :raises LinkUnknown, LinkExpired:
    """
    with transaction():
        member = read(token, now)
        spent = db.session.execute(update(AccessLink).where(
            AccessLink.token_hash == hash_token(token), AccessLink.used_at.is_(None)).values(used_at=now))
        if spent.rowcount != 1:
            raise LinkExpired("Ce lien a déjà servi.")
        if not (member.needs_second_factor or second_factor.in_use(member.email)):
            return _let_in(member, browser, now)
        second_factor.prepare(member, now)
        code, row = new_link(Purpose.CODE, member.email, now)
        db.session.add(row)
        return Entry(member, code=code)


def awaited(token: str, now: datetime) -> TeamMember:
    """Who pressed their link in that browser, and has a code to give; changes nothing.

    :raises LinkUnknown, LinkExpired:
    """
    return _member(read_link(token, Purpose.CODE, now))


def enter_with_code(token: str, code: str, browser: Browser, now: datetime) -> tuple[Entry, list[str], int | None]:
    """The code of the telephone opens the session: ``(entry, new codes to keep on paper, how many of the old ones are left)``.

    The first code ever given confirms the telephone, and brings the codes to keep; the count comes with a code of the paper.

    :raises LinkUnknown, LinkExpired: :raises second_factor.CodeWrong, TooMany:
    """
    member = awaited(token, now)
    kept: list[str] = []
    left = None
    if second_factor.in_use(member.email):
        left = second_factor.check(member, code, now)
    else:
        kept = second_factor.confirm(member, code, now)
    with transaction():
        spent = db.session.execute(update(AccessLink).where(
            AccessLink.token_hash == hash_token(token), AccessLink.used_at.is_(None)).values(used_at=now))
        if spent.rowcount != 1:
            raise LinkExpired("Ce lien a déjà servi.")
        return _let_in(member, browser, now, code_at=now), kept, left


def _let_in(member: TeamMember, browser: Browser, now: datetime, code_at: datetime | None = None) -> Entry:
    """A new session, whatever the browser had before (ASVS 7.2.4); its owner is told of a browser never seen."""
    ring = instance()
    token, row = new_link(Purpose.SESSION, member.email, now)
    row.about, row.used_at = browser.label, code_at
    db.session.add(row)
    devices = _devices(member.email, now)
    if browser.device and hash_token(browser.device) in devices:
        return Entry(member, token)
    device, known = new_link(Purpose.DEVICE, member.email, now)
    known.about = browser.label
    db.session.add(known)
    if devices:  # the very first time, there is nothing to compare with
        url = link_to("/coordination/securite")
        letter = letters.new_device(ring.network, member.name, browser.label, say_datetime(now), url)
        outbox.post_to_address(letter, member.email, member.name, now)
    return Entry(member, token, device=device)


def owner(token: str, now: datetime) -> TeamMember | None:
    """Whose living session that is, if anybody's; a role that asks for a code counts only in a session opened with one."""
    row = db.session.scalar(select(AccessLink).where(AccessLink.token_hash == hash_token(token),
                                                     AccessLink.purpose == Purpose.SESSION.value))
    if row is None or not row.alive(now):
        return None
    member = instance().network.team_member(row.email)
    return None if member is None or (member.needs_second_factor and row.used_at is None) else member


def close(token: str, now: datetime) -> None:
    """End a session on the server, wherever its cookie was copied."""
    with transaction():
        db.session.execute(update(AccessLink).where(
            AccessLink.token_hash == hash_token(token), AccessLink.purpose == Purpose.SESSION.value
        ).values(revoked_at=now))


@dataclass(frozen=True)
class Session:
    """One open session, as its owner sees it."""

    id: int
    label: str
    since: datetime
    until: datetime
    this_one: bool


def sessions(member: TeamMember, token: str, now: datetime) -> list[Session]:
    """The living sessions of that person, the latest first; ``token`` is that of the browser which asks."""
    rows = db.session.scalars(select(AccessLink).where(
        AccessLink.purpose == Purpose.SESSION.value, func.lower(AccessLink.email) == member.email.lower(),
        AccessLink.revoked_at.is_(None), AccessLink.expires_at > now).order_by(AccessLink.id.desc()))
    mine = hash_token(token)
    return [Session(row.id, row.about or "un navigateur", row.created_at, row.expires_at, row.token_hash == mine) for row in rows]


def close_one(member: TeamMember, session_id: int, now: datetime) -> None:
    """End one session of that person, and of nobody else; twice is once."""
    with transaction():
        db.session.execute(update(AccessLink).where(
            AccessLink.id == session_id, AccessLink.purpose == Purpose.SESSION.value, AccessLink.revoked_at.is_(None),
            func.lower(AccessLink.email) == member.email.lower()).values(revoked_at=now))


def close_others(member: TeamMember, token: str, now: datetime) -> None:
    """End every session of that person but the one of ``token``, and forget the browsers it knew."""
    with transaction():
        _revoke(member.email, now, Purpose.SESSION, Purpose.DEVICE, Purpose.SIGN_IN, Purpose.CODE, but=hash_token(token))


def close_all(email: str, now: datetime) -> None:
    """End every session and way in of an address; inside a transaction."""
    _revoke(email, now, Purpose.SESSION, Purpose.DEVICE, Purpose.SIGN_IN, Purpose.CODE)


def _revoke(email: str, now: datetime, *purposes: Purpose, but: str = "", about: tuple[str, ...] | None = None) -> None:
    db.session.execute(update(AccessLink).where(
        true() if about is None else AccessLink.about.in_(about),
        AccessLink.purpose.in_([purpose.value for purpose in purposes]), func.lower(AccessLink.email) == email.lower(),
        AccessLink.revoked_at.is_(None), AccessLink.token_hash != but).values(revoked_at=now))
