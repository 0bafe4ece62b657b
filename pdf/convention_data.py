"""What a convention says, as frozen plain values: the only source of its PDF and of its page."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, time
from itertools import pairwise

from pdf.frozen import LATER

TO_REVIEW, TO_SIGN = "à relire", "à signer"
LEGAL_REPRESENTATIVE, BY_DELEGATION = "représentant·e légal·e", "par délégation"


@dataclass(frozen=True)
class Signatory:
    """A person who signs for a party; `quality` is their function, `capacity` the source of their power to sign.

    `email` is where their link is sent: it is not printed since convention/2027-01, nor carried since 2027-02 (`said_to_all`).
    """

    name: str
    quality: str
    capacity: str = LEGAL_REPRESENTATIVE
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Contact:
    """Whom to reach at a structure: printed, so that the others can; neither who signs nor the tutor, unless they say so."""

    name: str
    quality: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Party:
    """A structure; `kind` is its typology in words, `public` decides which rules on accidents and loans are printed."""

    legal_name: str
    kind: str
    public: bool
    address: str
    commune: str
    signatories: tuple[Signatory, ...]
    siret: str = ""
    contact: Contact | None = field(default=None, metadata=LATER)


def without_addresses(party: Party | None) -> Party | None:
    """A party as the others may know it: how to reach who signs for it is between them and the network."""
    if party is None:
        return None
    return replace(party, signatories=tuple(replace(one, email="", phone="") for one in party.signatories))


@dataclass(frozen=True)
class Companion:
    """The person received; `contract` is their status in words (« salariée en CDI », « agent contractuel »).

    `activity`, `address`, `commune` and `siret` are those of who works for themselves, and signs in their own name.
    """

    name: str
    job_title: str
    contract: str
    email: str = ""
    phone: str = ""
    activity: str = field(default="", metadata=LATER)
    address: str = field(default="", metadata=LATER)
    commune: str = field(default="", metadata=LATER)
    siret: str = field(default="", metadata=LATER)


@dataclass(frozen=True)
class Tutor:
    name: str
    quality: str
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Session:
    """One day at the host's, local time; the second range is the afternoon of a day with a break.

    Raises ValueError when the hours do not follow each other.
    """

    on: date
    starts: time
    ends: time
    starts_again: time | None = None
    ends_again: time | None = None

    def __post_init__(self) -> None:
        if (self.starts_again is None) != (self.ends_again is None):
            raise ValueError(f"{self.on}: a second range needs its two hours")
        hours = [hour for span in self.ranges for hour in span]
        if any(later <= sooner for sooner, later in pairwise(hours)):
            raise ValueError(f"{self.on}: hours that do not follow each other")

    @property
    def ranges(self) -> tuple[tuple[time, time], ...]:
        first = (self.starts, self.ends)
        if self.starts_again is None or self.ends_again is None:
            return (first,)
        return (first, (self.starts_again, self.ends_again))

    @property
    def minutes(self) -> int:
        return sum((end.hour - start.hour) * 60 + end.minute - start.minute for start, end in self.ranges)


@dataclass(frozen=True)
class Place:
    """Where; `access` says how to come and to get in."""

    address: str
    commune: str
    label: str = ""
    access: str = field(default="", metadata=LATER)


@dataclass(frozen=True)
class Cost:
    """An expense and who bears it; `detail` says how much or how (« 94 km, barème de l’employeur »)."""

    label: str
    payer: str
    detail: str = ""


@dataclass(frozen=True)
class Report:
    """An account expected after the visit: what, from whom, by when."""

    label: str
    author: str
    due_on: date | None = None


@dataclass(frozen=True)
class FrameDetails:
    """What one legal frame or another asks for; each frame's list is in pdf/frames.py.

    `days_in_three_years` is the whole count, this convention's days included; `days_elsewhere` the part of it that the
    network did not see, as declared.
    """

    cost_method: str = ""
    cse_employer_on: date | None = None
    cse_host_on: date | None = None
    cse_note: str = ""
    amendment_signed_on: date | None = None
    entrusted_work: str = ""
    post_features: str = ""
    trial_period: str = ""
    qualification: str = ""
    purpose: str = ""
    missions: str = ""
    consent_on: date | None = None
    requested_on: date | None = None
    shorter_notice_agreed: bool = False
    days_in_three_years: int | None = None
    project: str = ""
    employment_terms: str = ""
    control: str = ""
    notice: str = ""
    reimbursement: str = ""
    decision: str = ""
    liability_insurance: str = ""
    days_elsewhere: int | None = field(default=None, metadata=LATER)


@dataclass(frozen=True)
class NetworkIdentity:
    """The network as the document names it; `retention` completes « ces données sont conservées … »."""

    name: str
    full_name: str
    coordinator: str
    email: str
    phone: str = ""
    address: str = ""
    data_controller: str = ""
    privacy_email: str = ""
    retention: str = ""


@dataclass(frozen=True)
class ConventionData:
    """One version of a convention. `template` names the dated text it is printed with; `template_digest`, of an instance's
    own text, says that it did not change since (pdf/own_texts.py)."""

    reference: str
    version: int
    status: str
    issued_on: date
    network: NetworkIdentity
    frame: str
    host: Party
    employer: Party | None
    companion: Companion
    tutor: Tutor
    objectives: tuple[str, ...]
    functions: str
    sessions: tuple[Session, ...]
    places: tuple[Place, ...]
    costs: tuple[Cost, ...]
    insurance_host: str
    insurance_employer: str = ""
    publics: str = ""
    remote: str = ""
    meals: str = ""
    safety: str = ""
    equipment: str = ""
    access_needs: str = ""
    details: FrameDetails = FrameDetails()
    special_clauses: str = ""
    reports: tuple[Report, ...] = ()
    template: str = "convention/2027-02"
    template_digest: str = field(default="", metadata=LATER)
    verification_code: str = ""
    verification_url: str = ""

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(sorted({session.on for session in self.sessions}))

    @property
    def minutes(self) -> int:
        return sum(session.minutes for session in self.sessions)

    @property
    def weeks(self) -> int:
        """Number of calendar weeks (Monday to Sunday) with at least one session."""
        return len({day.isocalendar()[:2] for day in self.days})
