"""States of each kind of dossier, and who may move it from one to the next: data, checked by one function."""

from __future__ import annotations

from enum import StrEnum


class Labelled(StrEnum):
    """A value kept in English, and the French words a person reads, written once."""

    label: str

    def __new__(cls, value: str, label: str):
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class Role(Labelled):
    """Who acts, or takes part in a conversation."""

    AUTHOR = "author", "personne à l’origine de la demande"
    COORDINATOR = "coordinator", "coordination"
    EMPLOYER = "employer", "structure employeuse"
    HOST = "host", "structure d’accueil"
    HELPER = "helper", "pair aidant"
    SIGNATORY = "signatory", "signataire"
    TUTOR = "tutor", "tuteur ou tutrice"
    MENTOR = "mentor", "mentor ou mentore"
    CLOCK = "clock", "échéance"


class Kind(Labelled):
    """The kinds of dossier; the value is the name of the slice."""

    ADHESION = "adhesion", "adhésion"
    ENTRAIDE = "entraide", "demande d’aide"
    IMMERSION = "immersion", "demande d’immersion"
    MENTORAT = "mentorat", "mentorat"

    @property
    def prefix(self) -> str:
        return {"adhesion": "ADH", "entraide": "AIDE", "immersion": "IMM", "mentorat": "MENT"}[self.value]


class AdhesionState(Labelled):
    UNCONFIRMED = "unconfirmed", "adresse à confirmer"
    SUBMITTED = "submitted", "à examiner"
    ACCEPTED = "accepted", "acceptée"
    REFUSED = "refused", "refusée"
    WITHDRAWN = "withdrawn", "retirée"


class EntraideState(Labelled):
    UNCONFIRMED = "unconfirmed", "adresse à confirmer"
    SUBMITTED = "submitted", "en attente de réponse"
    IN_PROGRESS = "in_progress", "en cours d’échange"
    RESOLVED = "resolved", "résolue"
    CLOSED = "closed", "close"
    REFUSED = "refused", "non retenue"
    WITHDRAWN = "withdrawn", "retirée"


class ImmersionState(Labelled):
    UNCONFIRMED = "unconfirmed", "adresse à confirmer"
    SUBMITTED = "submitted", "à examiner"
    EMPLOYER_ASKED = "employer_asked", "accord de l’employeur demandé"
    EMPLOYER_AGREED = "employer_agreed", "structure d’accueil à proposer"
    HOST_ASKED = "host_asked", "accord de la structure d’accueil demandé"
    HOST_AGREED = "host_agreed", "convention à préparer"
    IN_REVIEW = "in_review", "convention en relecture"
    TO_SIGN = "to_sign", "convention à signer"
    CHANGE_ASKED = "change_asked", "modification demandée"
    DECLINED = "declined", "convention refusée"
    EXPIRED = "expired", "signatures non réunies à temps"
    SIGNED = "signed", "convention signée"
    LIVED = "lived", "retours attendus"
    INTERRUPTED = "interrupted", "interrompue"
    NOT_HELD = "not_held", "n’a pas eu lieu"
    OUTSIDE = "outside", "hors convention du réseau"
    CLOSED = "closed", "close"
    REFUSED = "refused", "sans suite"
    WITHDRAWN = "withdrawn", "retirée"


class MentoratState(Labelled):
    SUBMITTED = "submitted", "mentor ou mentore à proposer"
    MENTOR_ASKED = "mentor_asked", "réponse du mentor ou de la mentore attendue"
    AUTHOR_ASKED = "author_asked", "réponse de la personne attendue"
    AGREED = "agreed", "protocole à écrire"
    TO_AGREE = "to_agree", "protocole à accepter"
    UNDER_WAY = "under_way", "en cours"
    CLOSED = "closed", "terminé"
    REFUSED = "refused", "sans suite"
    WITHDRAWN = "withdrawn", "retiré"


_A, _C, _E, _H, _CLOCK = Role.AUTHOR, Role.COORDINATOR, Role.EMPLOYER, Role.HOST, Role.CLOCK
#: Who signs a convention, or a contact of who does.
_SIGNERS = frozenset({_A, _E, _H, Role.SIGNATORY})
_PARTIES = frozenset({_A, _E, _H, _C})
_M, _PAIR = Role.MENTOR, frozenset({Role.AUTHOR, Role.MENTOR, Role.COORDINATOR})
#: How a pair that is not yet under way ends, or is looked for again.
_NOT_PAIRED = {MentoratState.SUBMITTED: _PAIR, MentoratState.REFUSED: frozenset({_C}),
               MentoratState.WITHDRAWN: frozenset({_A})}

#: state -> next state -> roles that may cause it. What is not written is refused.
TRANSITIONS: dict[Kind, dict[Labelled, dict[Labelled, frozenset[Role]]]] = {
    Kind.ADHESION: {
        AdhesionState.UNCONFIRMED: {AdhesionState.SUBMITTED: frozenset({_A})},
        AdhesionState.SUBMITTED: {
            AdhesionState.ACCEPTED: frozenset({_C}),
            AdhesionState.REFUSED: frozenset({_C}),
            AdhesionState.WITHDRAWN: frozenset({_A}),
        },
        AdhesionState.ACCEPTED: {},
        AdhesionState.REFUSED: {AdhesionState.SUBMITTED: frozenset({_C})},
        AdhesionState.WITHDRAWN: {},
    },
    Kind.ENTRAIDE: {
        EntraideState.UNCONFIRMED: {EntraideState.SUBMITTED: frozenset({_A})},
        EntraideState.SUBMITTED: {
            EntraideState.IN_PROGRESS: frozenset({_C, Role.HELPER}),
            EntraideState.RESOLVED: frozenset({_A, _C}),
            EntraideState.CLOSED: frozenset({_C}),
            EntraideState.REFUSED: frozenset({_C}),
            EntraideState.WITHDRAWN: frozenset({_A}),
        },
        EntraideState.IN_PROGRESS: {
            # A peer who took it gives it back: it waits for an answer again.
            EntraideState.SUBMITTED: frozenset({Role.HELPER}),
            EntraideState.RESOLVED: frozenset({_A, _C}),
            EntraideState.CLOSED: frozenset({_C}),
            EntraideState.REFUSED: frozenset({_C}),
            EntraideState.WITHDRAWN: frozenset({_A}),
        },
        # A human word reopens what was closed too soon (product.md: "reopened by replying").
        EntraideState.RESOLVED: {EntraideState.IN_PROGRESS: frozenset({_A, _C, Role.HELPER})},
        EntraideState.CLOSED: {EntraideState.IN_PROGRESS: frozenset({_A, _C, Role.HELPER})},
        EntraideState.REFUSED: {EntraideState.IN_PROGRESS: frozenset({_A, _C})},
        EntraideState.WITHDRAWN: {},
    },
    Kind.IMMERSION: {
        ImmersionState.UNCONFIRMED: {ImmersionState.SUBMITTED: frozenset({_A})},
        ImmersionState.SUBMITTED: {
            ImmersionState.EMPLOYER_ASKED: frozenset({_C}),
            # Who comes in their own name has no agreement to wait for.
            ImmersionState.EMPLOYER_AGREED: frozenset({_C}),
            ImmersionState.OUTSIDE: frozenset({_C}),
            ImmersionState.REFUSED: frozenset({_C}),
            ImmersionState.WITHDRAWN: frozenset({_A}),
        },
        ImmersionState.EMPLOYER_ASKED: {
            ImmersionState.EMPLOYER_AGREED: frozenset({_E}),
            ImmersionState.OUTSIDE: frozenset({_C}),
            ImmersionState.REFUSED: frozenset({_E, _C}),
            ImmersionState.WITHDRAWN: frozenset({_A}),
        },
        ImmersionState.EMPLOYER_AGREED: {
            ImmersionState.HOST_ASKED: frozenset({_C}),
            ImmersionState.OUTSIDE: frozenset({_C}),
            ImmersionState.REFUSED: frozenset({_C, _E}),
            ImmersionState.WITHDRAWN: frozenset({_A}),
        },
        ImmersionState.HOST_ASKED: {
            ImmersionState.HOST_AGREED: frozenset({_H}),
            # One host says no: another is looked for, the request goes on.
            ImmersionState.EMPLOYER_AGREED: frozenset({_H, _C}),
            ImmersionState.OUTSIDE: frozenset({_C}),
            ImmersionState.REFUSED: frozenset({_C, _E}),
            ImmersionState.WITHDRAWN: frozenset({_A}),
        },
        ImmersionState.HOST_AGREED: {
            ImmersionState.IN_REVIEW: frozenset({_C}),
            ImmersionState.EMPLOYER_AGREED: frozenset({_C}),
            ImmersionState.OUTSIDE: frozenset({_C}),
            ImmersionState.REFUSED: frozenset({_C}),
            ImmersionState.WITHDRAWN: frozenset({_A}),
        },
        ImmersionState.IN_REVIEW: {
            ImmersionState.IN_REVIEW: frozenset({_C}),
            ImmersionState.TO_SIGN: frozenset({_C}),
            ImmersionState.OUTSIDE: frozenset({_C}),
            ImmersionState.REFUSED: frozenset({_C}),
            ImmersionState.WITHDRAWN: frozenset({_A}),
        },
        ImmersionState.TO_SIGN: {
            # The last signature; the coordination's is the paper copy it accepts.
            ImmersionState.SIGNED: _SIGNERS | {_C},
            ImmersionState.CHANGE_ASKED: _SIGNERS,
            ImmersionState.DECLINED: _SIGNERS,
            ImmersionState.EXPIRED: frozenset({_CLOCK}),
            ImmersionState.IN_REVIEW: frozenset({_C}),
            ImmersionState.CLOSED: frozenset({_C}),
            ImmersionState.REFUSED: frozenset({_C}),
            ImmersionState.WITHDRAWN: frozenset({_A}),
        },
        ImmersionState.CHANGE_ASKED: {
            # Nothing has to change after all: the version sent is to be signed again, with the signatures it had.
            ImmersionState.TO_SIGN: frozenset({_C}),
            ImmersionState.DECLINED: _SIGNERS,
            ImmersionState.EXPIRED: frozenset({_CLOCK}),
            ImmersionState.IN_REVIEW: frozenset({_C}),
            ImmersionState.REFUSED: frozenset({_C}),
            ImmersionState.WITHDRAWN: frozenset({_A}),
        },
        **{stopped: {ImmersionState.IN_REVIEW: frozenset({_C}), ImmersionState.REFUSED: frozenset({_C}),
                     ImmersionState.WITHDRAWN: frozenset({_A})}
           for stopped in (ImmersionState.DECLINED, ImmersionState.EXPIRED)},
        ImmersionState.SIGNED: {
            ImmersionState.LIVED: frozenset({_CLOCK}),
            ImmersionState.INTERRUPTED: _PARTIES,
            ImmersionState.NOT_HELD: _PARTIES,
            ImmersionState.CLOSED: frozenset({_C}),
        },
        ImmersionState.LIVED: {
            # Said afterwards.
            ImmersionState.INTERRUPTED: _PARTIES,
            ImmersionState.NOT_HELD: _PARTIES,
            ImmersionState.CLOSED: frozenset({_C, _CLOCK}),
        },
        # Back where it stood: said by mistake.
        **{over: {ImmersionState.CLOSED: frozenset({_C, _CLOCK}), ImmersionState.SIGNED: _PARTIES, ImmersionState.LIVED: _PARTIES}
           for over in (ImmersionState.INTERRUPTED, ImmersionState.NOT_HELD)},
        # Ended by mistake: the coordination takes it up where it stood.
        ImmersionState.CLOSED: {state: frozenset({_C}) for state in (
            ImmersionState.TO_SIGN, ImmersionState.SIGNED, ImmersionState.LIVED, ImmersionState.OUTSIDE)},
        # Told whether it took place; or taken up again.
        ImmersionState.OUTSIDE: {ImmersionState.CLOSED: frozenset({_A, _C})} | {state: frozenset({_C}) for state in (
            ImmersionState.SUBMITTED, ImmersionState.EMPLOYER_ASKED, ImmersionState.EMPLOYER_AGREED, ImmersionState.HOST_ASKED,
            ImmersionState.HOST_AGREED, ImmersionState.IN_REVIEW)},
        ImmersionState.REFUSED: {state: frozenset({_C}) for state in (
            ImmersionState.SUBMITTED, ImmersionState.EMPLOYER_ASKED, ImmersionState.EMPLOYER_AGREED, ImmersionState.HOST_ASKED,
            ImmersionState.HOST_AGREED, ImmersionState.IN_REVIEW, ImmersionState.TO_SIGN)},
        ImmersionState.WITHDRAWN: {},
    },
    Kind.MENTORAT: {
        MentoratState.SUBMITTED: {
            MentoratState.MENTOR_ASKED: frozenset({_C}),
            MentoratState.REFUSED: frozenset({_C}),
            MentoratState.WITHDRAWN: frozenset({_A}),
        },
        MentoratState.MENTOR_ASKED: {
            MentoratState.AUTHOR_ASKED: frozenset({_M}),
            # Not this time: the coordination may propose somebody else.
            **_NOT_PAIRED | {MentoratState.SUBMITTED: frozenset({_M, _C})},
        },
        MentoratState.AUTHOR_ASKED: {MentoratState.AGREED: frozenset({_A}), **_NOT_PAIRED},
        MentoratState.AGREED: {MentoratState.TO_AGREE: _PAIR, **_NOT_PAIRED},
        # The last of the three agreements.
        MentoratState.TO_AGREE: {MentoratState.UNDER_WAY: _PAIR, **_NOT_PAIRED},
        MentoratState.UNDER_WAY: {MentoratState.CLOSED: _PAIR | {_CLOCK}},
        # Ended or given up by mistake: taken up where it stood.
        MentoratState.CLOSED: {MentoratState.UNDER_WAY: frozenset({_C})},
        MentoratState.REFUSED: {MentoratState.SUBMITTED: frozenset({_C})},
        MentoratState.WITHDRAWN: {},
    },
}

STATES: dict[Kind, type[Labelled]] = {
    Kind.ADHESION: AdhesionState, Kind.ENTRAIDE: EntraideState, Kind.IMMERSION: ImmersionState,
    Kind.MENTORAT: MentoratState}

#: Nothing more is expected from anyone.
ENDED: frozenset[str] = frozenset({"accepted", "refused", "withdrawn", "resolved", "closed", "outside"})

#: The coordinator is expected to do something.
WAITING_FOR_COORDINATOR: frozenset[str] = frozenset({
    "submitted", "employer_agreed", "host_agreed", "in_review", "change_asked", "declined", "expired", "not_held"})


class TransitionRefused(Exception):
    """The dossier cannot go from its state to that one by that role: somebody was faster, or a link is stale."""

    def __init__(self, kind: Kind, state: str, wanted: str, role: Role) -> None:
        super().__init__(f"{kind}: {state} -> {wanted} by {role}")
        self.kind, self.state, self.wanted, self.role = kind, STATES[kind](state), wanted, role


def check_transition(kind: Kind, state: str, wanted: str, role: Role) -> None:
    """:raises TransitionRefused: unless :data:`TRANSITIONS` lets ``role`` move a ``kind`` from ``state`` to ``wanted``."""
    if role not in TRANSITIONS[kind][STATES[kind](state)].get(STATES[kind](wanted), frozenset()):
        raise TransitionRefused(kind, state, wanted, role)
