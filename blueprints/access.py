"""Who may open a page: one rule per view, written above it, checked by a test for every route.

``@public``: anybody. ``@personal_link``: whoever holds the link in the address, shown by a service. ``@team_only``,
``@coordinator_only``, ``@administrator_only``, ``@figures_only``: somebody of the team whose session is open, with that role.
``@code_awaited``: between the link and the session. ``@referent_only``: a referent whose key is open, by a way of its own.
``@captured_mail_only``: anybody, but only where no mail server is set and the site has no public address.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import ParamSpec, TypeVar

from flask import Response, current_app, g, make_response, redirect, request, url_for

from models.instance import instance
from models.team import TeamMember, TeamRole
from services.acces import signing_in
from services.alerte import sessions
from services.errors import NotFound, Refused

P = ParamSpec("P")
R = TypeVar("R")


class AnotherRole(Exception):
    """Somebody signed in opens a page that their role does not."""

    def __init__(self, member: TeamMember) -> None:
        super().__init__(member.email)
        self.sentence = f"Votre rôle ({member.roles_label}) n’ouvre pas cette page."


def public(view: Callable[P, R]) -> Callable[P, R]:
    view.access = "public"
    return view


def personal_link(view: Callable[P, R]) -> Callable[P, R]:
    """The token in the address is the key; the page is never kept by a cache nor told to another site."""
    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Response:
        return _not_kept(view(*args, **kwargs))
    guarded.access = "personal_link"
    return guarded


def one_press(view: Callable[P, R]) -> Callable[P, R]:
    """Beside ``personal_link``: a mail program may post here without any page of ours (RFC 8058), see ``security.py``."""
    view.one_press = True
    return view


def _team(rule: str, *roles: TeamRole) -> Callable[[Callable[P, R]], Callable[P, Response]]:
    """A rule of the team's space: who is signed in with one of ``roles``; everybody who is, where none is named."""
    def declare(view: Callable[P, R]) -> Callable[P, Response]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> Response:
            member = signed_in()
            if member is None:
                return redirect(url_for("acces.entrer"), 303)
            g.member = member
            if roles and not member.roles.intersection(roles):
                raise AnotherRole(member)
            g.coordinator = instance().network.coordinator(member.email)
            return _not_kept(view(*args, **kwargs))
        guarded.access = rule
        return guarded
    return declare


#: Whoever is signed in, for what is theirs: their sessions, their code, the way out.
team_only = _team("team_only")
coordinator_only = _team("coordinator_only", TeamRole.COORDINATOR)
administrator_only = _team("administrator_only", TeamRole.ADMINISTRATOR)
#: Counts, never a name.
figures_only = _team("figures_only", TeamRole.READER, TeamRole.COORDINATOR, TeamRole.ADMINISTRATOR)


def code_awaited(view: Callable[P, R]) -> Callable[P, R]:
    """Whoever pressed their link in this browser, and has the code of their telephone to give."""
    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Response:
        token = request.cookies.get(cookie_name("code"), "")
        try:
            g.member = signing_in.awaited(token, current_app.extensions["clock"]())
        except Refused:
            return redirect(url_for("acces.entrer"), 303)
        return _not_kept(view(*args, **kwargs))
    guarded.access = "code_awaited"
    return guarded


def referent_only(view: Callable[P, R]) -> Callable[P, R]:
    """A referent whose key is open in this browser: another space than the coordinators', with a cookie of its own.

    :raises services.alerte.sessions.SessionOver: nobody reads here now.
    """
    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Response:
        g.reader = sessions.reader(request.cookies.get(referent_cookie(), ""), current_app.extensions["clock"]())
        return _not_kept(view(*args, **kwargs))
    guarded.access = "referent_only"
    return guarded


def captured_mail_only(view: Callable[P, R]) -> Callable[P, R]:
    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        settings = instance().settings
        if not settings.captured_mail:
            raise NotFound()
        if not settings.opens_mailbox_at(request.host_url):
            raise NotFound("Cette boîte contient les courriels de tout le monde : elle ne s’ouvre que sur la machine où l’on "
                           "essaie Ring, pas sous une adresse publique. La personne qui exploite ce site règle un serveur "
                           "d’envoi (MAIL_SERVER) ; les courriels arrivent alors à leurs destinataires.")
        return view(*args, **kwargs)
    guarded.access = "captured_mail_only"
    return guarded


def cookie_name(what: str = "") -> str:
    """``__Host-`` binds the cookie to this host over HTTPS; it cannot be used on plain HTTP (RFC 6265bis, 4.1.3.2).

    :param what: "" the session, ``code`` what a code is still wanted for, ``appareil`` a browser that came before.
    """
    name = f"coordination-{what}" if what else "coordination"
    return f"__Host-{name}" if instance().settings.secure else name


def referent_cookie() -> str:
    """Sent to the referents' pages alone, so that ``__Host-``, which wants every path, is not for it."""
    return "__Secure-referent" if instance().settings.secure else "referent"


def internet_access() -> str:
    """What names the access to the internet a request comes from, to count what is asked from there; counted, never kept.

    A home or an office has one IPv4 address, and 2⁶⁴ IPv6 addresses at least: of these, what they have in common (RFC 6177).
    """
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return request.remote_addr or ""
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or IPv6Network((int(address), 64), strict=False))
    return str(address)


def signed_in() -> TeamMember | None:
    """Whose session this request carries, if anybody's."""
    token = request.cookies.get(cookie_name(), "")
    return signing_in.owner(token, current_app.extensions["clock"]()) if token else None


def home_of(member: TeamMember) -> str:
    """Where somebody of the team begins."""
    if TeamRole.COORDINATOR in member.roles:
        return url_for("coordination.a_faire")
    if TeamRole.ADMINISTRATOR in member.roles:
        return url_for("acces.equipe")
    if TeamRole.READER in member.roles:
        return url_for("coordination.chiffres")
    return url_for("acces.securite")


def _not_kept(answer: object) -> Response:
    response = make_response(answer)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
