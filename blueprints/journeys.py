"""The pages of a form in several steps: the same for every kind of request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from itsdangerous import BadData, URLSafeSerializer

from forms.base import RingForm
from forms.fields import Files
from forms.journey import Journey, Progress, Step, as_typed, filled_pages, first_wrong, page_form, seal, summary, unseal
from models.instance import instance
from models.states import Kind
from services import files, submission
from services.attachments import judge
from services.errors import FileRefused, NotFound, TooMany
from services.inbound import requests
from territory.calendar import local

from .access import internet_access, personal_link, public
from .templating import page_now, secret

CHECK = "verification"


@dataclass(frozen=True)
class JourneyPages:
    """Puts a journey under ``prefix`` of a blueprint: ``prefix/<step>``, ``prefix/verification``.

    ``submit_as`` makes the submission from the progress; ``look`` may answer a page otherwise (a person who should be
    led elsewhere) or add an error to a form; ``more`` gives more context to a step's page; ``begin`` says what a mail
    fills, by step: the form can then be opened by a personal link, at ``prefix/reprendre/<token>``; ``before`` gives more
    context to the page that is read again before sending.
    """

    blueprint: Blueprint
    prefix: str
    journey: Journey
    submit_as: Callable[[Progress, list[Any]], submission.Submission]
    look: Callable[[Step, RingForm, Progress], Any] | None = None
    more: Callable[[Step], dict[str, Any]] | None = None
    begin: Callable[[requests.Prefill], dict[str, dict[str, Any]]] | None = None
    before: Callable[[Progress], dict[str, Any]] | None = None

    def register(self) -> JourneyPages:
        """Add the routes to the blueprint."""
        name = self.journey.name.replace("-", "_")
        steps = "|".join(step.slug for step in self.journey.steps)
        self.blueprint.add_url_rule(f"{self.prefix}/<any({steps.replace('|', ', ')}):slug>", f"{name}_page",
                                    public(lambda slug: self.page(slug)), methods=["GET", "POST"])
        self.blueprint.add_url_rule(f"{self.prefix}/{CHECK}", f"{name}_check", public(lambda: self.check_page()),
                                    methods=["GET", "POST"])
        if self.begin:
            self.blueprint.add_url_rule(f"{self.prefix}/reprendre/<token>", f"{name}_resume",
                                        personal_link(lambda token: self.resume(token)))
        return self

    @property
    def first_url(self) -> str:
        return f"{self.prefix}/{self.journey.steps[0].slug}"

    def resume(self, token: str):
        """The first page, filled with what a mail said; what it holds is sealed in it, and opening it changes nothing."""
        found = requests.read_prefill(token, Kind(self.kind), page_now())
        if found.sent:
            return render_template("confirmation/deja_envoyee.html", made=found.sent)
        progress = Progress(key=found.key, begun=self.begin(found))
        return self._show(self.journey.steps[0], progress, None, resumed=found)

    def begun(self, key: str, answers: dict[str, dict[str, Any]], copied: str = "") -> str:
        """The first page, and the others when they come, filled with what is known; sent twice, it is one request.

        ``copied``: the reference of the request it takes over.
        """
        return self._show(self.journey.steps[0], Progress(key=key, begun=answers), None, copied=copied)

    @property
    def kind(self) -> str:
        """The kind of request this journey makes; several journeys may make one kind."""
        return self.journey.name.partition("-")[0]

    def page(self, slug: str):
        step = self.journey.step(slug)
        if request.method != "POST":
            if step is not self.journey.steps[0]:
                return redirect(self.prefix, 303)
            return self._first_page(step)
        progress = unseal(request.form.get("etat", ""), self.journey, secret())
        if progress is None:
            return self._restart(step)
        form = self._form(step, progress, typed=True)
        refused = self._take_files(form)
        good = form.validate() and not refused
        for field, sentences in refused.items():
            field.errors = [*field.errors, *sentences]
        progress.keep(step, form, good)
        progress.settle(self.journey)
        if back := self.journey.step(request.form.get("vers", "")):
            return self._show(back, progress, None)
        if not good:
            return self._show(step, progress, form), 422
        if self.look and (answer := self.look(step, form, progress)) is not None:
            progress.keep(step, form, answered=False)
            return answer if answer is not form else (self._show(step, progress, form), 422)
        following = progress.next_step(self.journey)
        return self._show(following, progress, None) if following else self._show_check(progress)

    def check_page(self):
        if request.method != "POST":
            return redirect(self.prefix, 303)
        progress = unseal(request.form.get("etat", ""), self.journey, secret())
        if progress is None:
            return self._restart(self.journey.steps[0])
        if step := self.journey.step(request.form.get("vers", "")):
            return self._show(step, progress, None)
        today, departement = self._today(), instance().network.departement
        if (missing := progress.next_step(self.journey)) is not None:
            return self._show(missing, progress, None)
        pages = filled_pages(self.journey, progress, today, departement)
        if wrong := first_wrong(pages):
            return self._show(wrong[0], progress, wrong[1]), 422
        sections = summary(pages)
        try:
            send = requests.submit if requests.came_by_mail(progress.key) else submission.submit
            made = send(self.submit_as(progress, sections), internet_access(), page_now())
        except TooMany as refusal:
            # The page comes back whole: the answers wait in it, the same button sends them later.
            return self._show_check(progress, refusal.sentence), 429
        return redirect(url_for("confirmation.recue", receipt=write_receipt(made)), 303)

    def _today(self):
        return local(page_now()).date()

    def _form(self, step: Step, progress: Progress, *, typed: bool) -> RingForm:
        departement = instance().network.departement
        if typed:
            return page_form(step, progress, self._today(), departement, request.form | request.files
                             if request.files else request.form)
        if progress.known(step) is None:
            return page_form(step, progress, self._today(), departement, None)
        return as_typed(step, progress, self._today(), departement)

    def _take_files(self, form: RingForm) -> dict[Files, list[str]]:
        """Store what was joined to this page; whatever else is wrong on it, a file that arrived is kept."""
        refused: dict[Files, list[str]] = {}
        for field in form.questions():
            if not isinstance(field, Files):
                continue
            total = sum(item["size"] for item in field.data)
            for upload in field.uploads:
                content = upload.read()
                verdict = judge(upload.filename, content)
                total += len(content)
                try:
                    if not verdict.ok:
                        raise FileRefused(verdict.reason)
                    if total > files.LONGEST:
                        raise FileRefused(f"« {verdict.clean_name} » n’a pas été gardé : 10 Mo au plus pour l’ensemble des "
                                          "fichiers. Joignez un fichier plus léger, ou envoyez-le ensuite par courriel.")
                    received = files.receive_upload(verdict.clean_name, verdict.media_type, content,
                                                    internet_access(), page_now())
                    field.data.append({"id": received.id, "name": received.name, "size": received.size})
                except FileRefused as refusal:
                    total -= len(content)
                    refused.setdefault(field, []).append(refusal.sentence)
        return refused

    def _first_page(self, step: Step) -> str:
        """The first page, blank: the same for everybody but for its seal, so that it is drawn once (bench/README.md)."""
        drawn = current_app.extensions.setdefault("first_pages", {})
        where = (request.script_root, self.journey.name)
        if where not in drawn:
            page = Progress()
            drawn[where] = (self._show(step, page, None), seal(page, self.journey, secret()))
        page, sealed = drawn[where]
        return page.replace(sealed, seal(Progress(), self.journey, secret()))

    def _show(self, step: Step, progress: Progress, form: RingForm | None, resumed: requests.Prefill | None = None,
              copied: str = ""):
        form = form or self._form(step, progress, typed=False)
        asked = self.journey.asked(progress)
        if step not in asked:  # the address of a page that this person is not asked
            step, form = self.journey.steps[0], self._form(self.journey.steps[0], progress, typed=False)
        number = asked.index(step) + 1
        before = asked[number - 2].slug if number > 1 else ""
        context = self.more(step) if self.more else {}
        return render_template(
            "journeys/page.html", journey=self.journey, step_page=step, form=form, errors=form.wrong,
            step=(number, len(asked), step.title), state=seal(progress, self.journey, secret()),
            action=f"{self.prefix}/{step.slug}", back="" if before else self.prefix, previous=before,
            primary="Continuer" if progress.next_step(self.journey) else "Revenir à la vérification", resumed=resumed,
            copied=copied, **context)

    def _show_check(self, progress: Progress, refusal: str = ""):
        sections = summary(filled_pages(self.journey, progress, self._today(), instance().network.departement))
        slugs = {step.title: step.slug for step in self.journey.steps}
        email = progress.all_answers().get("email", "")
        return render_template(
            "journeys/check.html", journey=self.journey, errors=[("", refusal)] if refusal else [],
            state=seal(progress, self.journey, secret()), proved=requests.is_proved(progress.key, email),
            action=f"{self.prefix}/{CHECK}", **(self.before(progress) if self.before else {}),
            sections=[(title, slugs[title], [row[:2] for row in rows]) for title, rows in sections])

    def _restart(self, step: Step):
        """The page came back cut or changed: what was typed on it is shown again, the earlier pages are asked anew."""
        form = self._form(step, Progress(), typed=True)
        if step is self.journey.steps[0]:
            return self._show(step, Progress(), form), 422
        return render_template("journeys/cut.html", journey=self.journey, start=self.first_url, form=form), 422


def who_writes(found: requests.Prefill) -> dict[str, Any]:
    """What a mail, and what is known of its writer, answer to the questions about who asks."""
    known = found.known
    return {"given_name": known.given_name, "family_name": known.family_name, "email": found.email, "phone": known.phone,
            "post": known.post or None, "job": known.job}


def employer_of(found: requests.Prefill) -> dict[str, Any]:
    """What is known of the structure of who wrote, as answers to the questions about an employer."""
    structure = found.known.structure
    if not structure:
        return {"structure_name": found.known.organisation}
    return {"structure_name": structure["name"], "structure_status": "public" if structure["public"] else "prive",
            "typology": structure["typology"], "siret": structure.get("siret") or "", "address": structure.get("address") or "",
            "structure_commune": structure.get("commune") or ""}


def _receipts() -> URLSafeSerializer:
    return URLSafeSerializer(secret(), salt="receipt")


def write_receipt(made: submission.Submitted) -> str:
    """What the confirmation page's address carries: the reference, and whether it was sent twice; no address."""
    return _receipts().dumps([made.reference, made.again])


def read_receipt(text: str) -> tuple[str, bool]:
    """:raises NotFound: the address was changed or cut."""
    try:
        reference, again = _receipts().loads(text)
        return reference, bool(again)
    except (BadData, ValueError, TypeError) as error:
        raise NotFound() from error


