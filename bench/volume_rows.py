"""A large network, written into a SQLite instance as the application would have left it after years, and copied to PostgreSQL.

Rows are those of the models, the search holds what ``services/indexing.py`` puts in it; nothing is random but by its seed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any
from unicodedata import normalize

from volume_words import GIVEN, family_name, says, title

NOW = datetime(2027, 1, 12, 10, tzinfo=UTC)
YEARS = 6
COORDINATORS = (("Alix Coordination", "coordination@ring.example"), ("Charlie Suppléance", "suppleance@ring.example"))
#: Parts of the requests that wait for the coordination and for somebody else; all others ended.
TO_DO, UNDER_WAY = 0.005, 0.02
_BATCH = 20_000


#: Requests that stand in the empty database and in the full one: place, shelf, messages, reference, state.
SAMPLES = ((-1, "to_do", 5, "AIDE-2020-9001", "submitted"), (-2, "under_way", 40, "AIDE-2020-9002", "in_progress"),
           (-5, "to_do", 5, "IMM-2020-9003", "submitted"), (-15, "to_do", 5, "IMM-2020-9004", "employer_agreed"),
           (-10, "to_do", 5, "ADH-2020-9005", "submitted"), (-40, "to_do", 5, "MENT-2020-9006", "submitted"))
#: One member in so many has joined twice, their name written a little otherwise.
_TWICE = 100


@dataclass(frozen=True)
class Size:
    members: int = 20_000
    dossiers: int = 200_000
    messages: int = 1_000_000

    def part(self, share: float) -> Size:
        return Size(*(max(1, round(number * share)) for number in (self.members, self.dossiers, self.messages)))


class Network:
    """Makes the rows, table by table, in the order foreign keys want; ``rows`` are dicts for one ``INSERT``."""

    def __init__(self, size: Size, seed: int = 7) -> None:
        from models.vocabulary import SKILLS, TYPOLOGIES
        from territory import communes

        self.size, self.one = size, Random(seed)
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self.ids = {name: count(1) for name in ("structure", "membre", "dossier", "participant", "message", "journal_entry",
                                                "outbox_message", "search_entry", "solicitation", "immersion_session",
                                                "inbound_message", "access_link", "delivery_event", "convention")}
        self.here = [place.code for place in communes.communes_of_departement("30")]
        # One in five lives in the largest town, one in fifteen in the next.
        self.where = [*self.here, *["30189"] * (len(self.here) // 3), *["30007"] * (len(self.here) // 9)]
        self.labels = {code: communes.commune(code).label for code in self.here}
        self.skills = [code for code, _ in SKILLS]
        self.typologies = [code for code, _ in TYPOLOGIES]
        self.people: list[tuple[str, str, str, str, str]] = []
        self.numbers: dict[tuple[str, int], int] = {}

    def add(self, table: str, **values: Any) -> int | None:
        if table in self.ids:
            values = {"id": next(self.ids[table]), **values}
        self.rows.setdefault(table, []).append(values)
        return values.get("id")

    def found_by(self, subject: str, text: str, **keys: int) -> None:
        """As ``services/indexing.py`` does."""
        from models.french_words import stems
        from models.search import MEMBER_MARK

        mark = f"{MEMBER_MARK} " if subject == "member" else ""
        self.add("search_entry", subject=subject, stems=mark + " ".join(stems(text)), dossier_id=keys.get("dossier_id"),
                 message_id=keys.get("message_id"), membre_id=keys.get("membre_id"), structure_id=keys.get("structure_id"),
                 inbound_id=None)

    def some(self, most: int) -> list[str]:
        return self.one.sample(self.skills, self.one.randint(1, most))

    def moment(self) -> datetime:
        """Some time of the last years, in working hours."""
        return (NOW - timedelta(days=self.one.uniform(20, 365 * YEARS))).replace(hour=self.one.randint(7, 17))

    def made(self) -> Iterator[dict[str, list[dict[str, Any]]]]:
        """All rows, some at a time."""
        for _ in range(self.size.members):
            self._member()
        yield self._taken()
        open_left = {"to_do": round(self.size.dossiers * TO_DO), "under_way": round(self.size.dossiers * UNDER_WAY)}
        lengths = self._lengths()
        for place in range(self.size.dossiers):
            shelf = next((name for name, left in open_left.items() if left and place % 7 == 3), "ended")
            if shelf != "ended":
                open_left[shelf] -= 1
            self._dossier(place, shelf, next(lengths))
            if place % 4000 == 3999:
                yield self._taken()
        for sample in SAMPLES:
            self._dossier(*sample)
        for (kind, year), last in self.numbers.items():
            self.add("reference_counter", kind=kind, year=year, last=last)
        yield self._taken()

    def _taken(self) -> dict[str, list[dict[str, Any]]]:
        found, self.rows = self.rows, {}
        return found

    def _lengths(self) -> Iterator[int]:
        """How many messages each request has: most a few, one in two hundred forty."""
        left, asked = self.size.messages, self.size.dossiers
        for place in range(asked):
            mean = left / (asked - place)
            wanted = 40 if place % 200 == 11 else min(round(self.one.expovariate(1 / max(mean, 0.1))), 39)
            wanted = left if place == asked - 1 else min(wanted, left)
            left -= wanted
            yield wanted

    def _member(self) -> None:
        one, number = self.one, len(self.people)
        given, family, commune = one.choice(GIVEN), family_name(one), one.choice(self.where)
        at, leads = self.moment(), number % 5 == 0
        if number % _TWICE == _TWICE - 1 and not leads:
            (given, family), commune = self.people[number - _TWICE // 2][0].split(" ", 1), self.people[number - _TWICE // 2][3]
            family = family[:-1] if number % 200 > _TWICE else family
        plain = normalize("NFD", family.lower()).encode("ascii", "ignore").decode()
        email, structure = f"{plain}.{number}@structure-{number // 5}.example", number // 5 + 1
        if leads:
            name = self.structure = f"Structure {family} {number}"
            self.add("structure", name=name, public=one.random() < 0.5, typology=one.choice(self.typologies), siret="",
                     address=f"{one.randint(1, 90)} rue des Lilas", commune=commune, website="", skills=self.some(6),
                     hosts=one.random() < 0.4, host_places=1, host_technical="", host_human="", host_periods="",
                     host_access="", possibilities="", constraints="")
            self.found_by("structure", f"{name}  rue des Lilas  {self.labels[commune]}", structure_id=structure)
        job = "Directrice" if leads else one.choice(("Conseiller numérique", "Médiatrice numérique", "Aidant numérique"))
        kind = "structure" if leads else "learner" if number % 40 == 7 else "professional"
        phone = f"06 39 98 {number // 100 % 100:02} {number % 100:02}"
        member = self.add(
            "membre", kind=kind, given_name=given, family_name=family, email=email, phone=phone, job=job, commune=commune,
            skills_offered=self.some(5), skills_sought=self.some(3), levels={}, directory=["nom", "commune", "competences"],
            pace=one.choice(("semaine", "quinzaine", "mois", "trimestre", "jamais")), pause_ends_on=None,
            advises_employers=leads and one.random() < 0.1,
            mentors=one.random() < 0.1, answers={}, charter_version="2026-11", joined_at=at,
            left_at=None if one.random() < 0.95 else NOW - timedelta(days=40),
            checked_at=NOW - timedelta(days=one.randint(1, 360)), asked_to_check_at=None, adhesion_id=None,
            structure_id=structure)
        where = f"{self.labels[commune]} {self.structure}"
        self.found_by("member", f"{given} {family} {email} {phone} {job} {where}", membre_id=member)
        self.people.append((f"{given} {family}", email, job, commune, phone))

    def _dossier(self, place: int, shelf: str, messages: int, reference: str = "", state: str = "") -> None:
        one = self.one
        kind = ("mentorat" if place % 40 == 0 else "adhesion" if place % 10 == 0 else "immersion" if place % 10 == 5
                else "entraide")
        at = self.moment() if shelf == "ended" else NOW - timedelta(days=one.uniform(0, 30))
        year, prefix = at.year, {"adhesion": "ADH", "immersion": "IMM", "entraide": "AIDE", "mentorat": "MENT"}[kind]
        number = self.numbers[kind, year] = self.numbers.get((kind, year), 0) + 1
        reference = reference or f"{prefix}-{year}-{number:04d}"
        state = state or self._state(kind, shelf)
        name, email, job, commune, phone = one.choice(self.people)
        told, about = says(one, 3), title(one)
        ended_at = min(at + timedelta(days=one.uniform(1, 30)), NOW)
        moved = ended_at if shelf == "ended" else at + (NOW - at) * one.random()
        waits = shelf == "to_do"
        dossier = self.add(
            "dossier", kind=kind, year=year, number=number, reference=reference, submission_key=f"volume-{place}", state=state,
            title=about, commune=commune, created_at=at, confirmed_at=at, reminded_at=None, moved_at=moved,
            promised_on=(NOW + timedelta(days=one.randint(-3, 8))).date() if waits else None,
            awaits_coordination=waits and state not in ("submitted", "employer_agreed", "host_agreed", "in_review"),
            assigned_to=one.choice(("", *(address for _, address in COORDINATORS))), version=one.randint(1, 9),
            answers=self._answers(kind, told), summary=[["Votre demande", [["Objet", about], ["Votre question", told]]],
                                                        ["Vous", [["Prénom et nom", name], ["Courriel", email, "contact"]]]],
            first_answer_at=at + timedelta(hours=one.uniform(1, 90)) if kind == "entraide" and messages else None,
            next_wave_at=None, waves=1 if kind == "entraide" else None, watched_on=None,
            watch_step=None, opinion_given=None, host_id=None, follows_id=None)
        seats = self._people(dossier, kind, (name, email, job, phone), at, state)
        self.found_by("dossier", "\n".join([reference, about, self.labels[commune], about, told, name, email,
                                            *(f"{who} {mail}" for _, who, mail in seats[2:])]), dossier_id=dossier)
        self._journal(dossier, seats, state, at)
        self._conversation(dossier, seats, messages, at, ended_at)

    def _state(self, kind: str, shelf: str) -> str:
        choice = {("to_do", "mentorat"): ("submitted",), ("under_way", "mentorat"): ("mentor_asked", "under_way"),
                  ("ended", "mentorat"): ("closed", "closed", "refused"), ("to_do", "adhesion"): ("submitted",),
                  ("to_do", "entraide"): ("submitted", "in_progress"),
                  ("to_do", "immersion"): ("submitted", "employer_agreed"),
                  ("under_way", "adhesion"): ("submitted",), ("under_way", "entraide"): ("in_progress",),
                  ("under_way", "immersion"): ("employer_asked",),
                  ("ended", "adhesion"): ("accepted",) * 9 + ("refused",),
                  ("ended", "immersion"): ("closed",) * 4 + ("withdrawn",),
                  ("ended", "entraide"): ("resolved",) * 6 + ("closed", "closed", "refused", "withdrawn")}
        return self.one.choice(choice[shelf, kind])

    def _answers(self, kind: str, told: str) -> dict[str, Any]:
        one = self.one
        if kind == "adhesion":
            return {"member_kind": "professional", "charter_version": "2026-11", "given_name": "Noa", "family_name": "Fictif"}
        if kind == "mentorat":
            return {"skills_sought": self.some(2), "skills_offered": []}
        if kind == "entraide":
            return {"question": told, "help_kind": one.choice(("question", "accompagnement", "renfort", "manager")),
                    "theme": one.choice(self.skills), "visibility": ["pairs"]}
        return {"work_status": "salarie", "objectives": "Voir un atelier", "functions": "Ateliers", "contract": "CDI",
                "skills_sought": self.some(2), "employer": {
                    "name": "Andréa Direction", "quality": "Directrice", "email": "direction@structure-b.example", "phone": "",
                    "structure": {"name": "Structure Exemple B", "public": False, "typology": "ASSO", "siret": "", "website": "",
                                  "address": "5 place du Marché", "commune": "30189"}}}

    def _people(self, dossier: int, kind: str, author: tuple[str, str, str, str], at: datetime,
                state: str) -> list[tuple[int, str, str]]:
        """The author, a coordinator, then peers or parties: ``(participant, name, address)``."""
        one = self.one
        name, email, job, phone = author
        lead = one.choice(COORDINATORS)
        wanted = [("author", name, email, job, phone), ("coordinator", *lead, "", "")]
        others = {"adhesion": (), "entraide": ("helper",) * 3, "immersion": ("employer", "host"), "mentorat": ("mentor",)}[kind]
        known = {email}
        for role in others:
            who, address, their_job, _commune, _phone = one.choice(self.people)
            if address not in known:
                known.add(address)
                wanted.append((role, who, address, their_job, ""))
        seats = []
        for role, who, address, quality, tel in wanted:
            seat = self.add("participant", dossier_id=dossier, role=role, name=who, email=address, phone=tel, quality=quality,
                            organisation="", active=True, muted_at=None, named=True)
            seats.append((seat, who, address))
            if role in ("helper", "mentor"):
                self.add("solicitation", dossier_id=dossier, participant_id=seat, email=address, wave=1, asked_at=at,
                         answer="taken" if len(seats) == 3 and state != "submitted" else "declined",
                         answered_at=at + timedelta(hours=5))
        if kind == "immersion":
            for days in (20, 27):
                self.add("immersion_session", immersion_id=dossier, on=(at + timedelta(days=days)).date(), starts=_NINE,
                         ends=_NOON, starts_again=None, ends_again=None, calendar_rank=0, reminded_at=at)
        return seats

    def _journal(self, dossier: int, seats: list, state: str, at: datetime) -> None:
        kinds = ["submitted", "confirmed", "routed", *([state] if state in ("accepted", "refused", "resolved", "closed") else [])]
        for kind in kinds:
            self.add("journal_entry", dossier_id=dossier, at=at, kind=kind, facts={},
                     participant_id=seats[1 if kind in ("routed", "accepted", "refused", "closed") else 0][0], via="web")
        for seat, _name, address in seats[:2]:
            self._letter(dossier, seat, address, at)

    def _conversation(self, dossier: int, seats: list, messages: int, at: datetime, until: datetime) -> None:
        one = self.one
        asker = seats[0][1]
        for place in range(messages):
            seat, name, address = seats[place % len(seats)] if place else seats[0]
            said, when = says(one), at + (until - at) * (place + 1) / (messages + 1)
            note, via = place % 9 == 8, "mail" if place % 2 else "web"
            message = self.add("message", dossier_id=dossier, participant_id=seat, to_id=None, at=when, body=said, elided="",
                               is_note=note, shared=False, via=via)
            self.found_by("message", f"{said}\n{asker}\n{name}", message_id=message, dossier_id=dossier)
            self.add("journal_entry", dossier_id=dossier, at=when, kind="answered" if place == 1 else "wrote", facts={},
                     participant_id=seat, via=via)
            if via == "mail":
                self._mail(dossier, seat, address, when)
            if not note:
                other = seats[(place + 1) % len(seats)]
                self._letter(dossier, other[0], other[2], when)

    def _letter(self, dossier: int, seat: int, address: str, at: datetime) -> None:
        number = self.add(
            "outbox_message", message_id=f"<{len(self.people)}.{next(_LETTERS)}@ring.example>", letter="coordination/relayed",
            dossier_id=dossier, participant_id=seat, answer_for_id=None, recipient=address, recipient_name="",
            envelope_from="retour@ring.example", subject="Une réponse à votre demande", state="sent", created_at=at, due_at=at,
            lease_until=None, sent_at=at, attempts=1, first_tried_at=None, server_said="250 ok")
        if at > NOW - timedelta(days=90):
            self.add("outbox_body", outbox_message_id=number, raw=b"x" * 2000)
            self.add("delivery_event", outbox_message_id=number, email=address, at=at, outcome="accepted", code="250", said="ok")
            self.add("access_link", token_hash=f"{number:064x}", purpose="dossier", participant_id=seat, email=address,
                     created_at=at, expires_at=at + timedelta(days=180), about="", used_at=None, revoked_at=None)

    def _mail(self, dossier: int, seat: int, address: str, at: datetime) -> None:
        recent = at > NOW - timedelta(days=30)
        number = next(_LETTERS)
        mail = self.add(
            "inbound_message", dedupe_key=f"{number:064x}", received_at=at, carrier="imap",
            message_id=f"<{number}@structure.example>", sender=address if recent else "",
            subject="Re: une réponse" if recent else "", state="done", reason="", attempts=1, lease_until=None, handled_by="",
            handled_at=None, participant_id=seat, dossier_id=dossier)
        if recent:
            self.add("inbound_body", inbound_message_id=mail, raw=b"From: x\r\n\r\nBonjour")


_NINE, _NOON = datetime(2027, 1, 1, 9).time(), datetime(2027, 1, 1, 12, 30).time()
_LETTERS = count(1)
_INDEXED = "search_entry_in"


def fill_sqlite(connection, size: Size, seed: int = 7) -> None:
    """Write a network of that size; FTS5 is filled once at the end, from the same entries its trigger would read."""
    from models.base import db

    tables = db.metadata.tables
    trigger = connection.exec_driver_sql(f"SELECT sql FROM sqlite_master WHERE name = '{_INDEXED}'").scalar()
    connection.exec_driver_sql("PRAGMA cache_size=-400000")
    connection.exec_driver_sql(f"DROP TRIGGER {_INDEXED}")
    order = [table.name for table in db.metadata.sorted_tables]
    for rows in Network(size, seed).made():
        for name in sorted(rows, key=order.index):
            connection.execute(tables[name].insert(), rows[name])
        connection.commit()
    connection.exec_driver_sql("INSERT INTO search_words(search_words) VALUES('rebuild')")
    connection.exec_driver_sql(trigger)
    connection.commit()


def copy_to_postgresql(source, url: str) -> bool:
    """Every row of a SQLite instance, as it is, into an empty PostgreSQL with every migration; False if it has them."""
    import psycopg

    from models.base import db

    with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://")) as into:
        if into.execute("SELECT count(*) FROM message").fetchone()[0]:
            return False
        into.execute("SET session_replication_role = replica")  # rows were checked where they come from
        for table in db.metadata.sorted_tables:
            names = [column.name for column in table.columns]
            listed, of = ", ".join(f'"{name}"' for name in names), f'"{table.name}"'
            into.execute(f"TRUNCATE {of} CASCADE")
            with into.cursor().copy(f"COPY {of} ({listed}) FROM STDIN") as copy:
                for row in source.exec_driver_sql(f"SELECT {listed} FROM {of}").yield_per(_BATCH):
                    copy.write_row(tuple(row))
            if "id" in names:
                into.execute(f"SELECT setval(pg_get_serial_sequence('{of}', 'id'), "
                             f"coalesce((SELECT max(id) FROM {of}), 0) + 1, false)")
    with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://"), autocommit=True) as into:
        into.execute("VACUUM ANALYZE")  # what autovacuum has done long before a network is that large
    return True
