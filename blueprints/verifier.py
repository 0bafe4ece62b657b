"""Is this document ours, whole, and still in force? Asked by anybody, with the code printed on it or with the file."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for

from forms.verifier import CodeForm, FileForm
from services import verifying
from services.attestation import reading

from .access import internet_access, public
from .templating import page_now

blueprint = Blueprint("verifier", __name__)


@blueprint.get("/verifier")
@public
def verifier():
    """The two ways to ask; a code typed there leads to its page."""
    if "code" not in request.args:
        return _ask()
    form = CodeForm(request.args)
    if not form.validate():
        return _ask(code=form), 422
    code = verifying.read_code(form.code.data)
    if code is None:
        form.code.errors = ["Ce code n’a pas la bonne forme : douze lettres et chiffres, par exemple 7K4M-XQ2P-9RTD. "
                            "Relisez-le sur le document."]
        return _ask(code=form), 422
    return redirect(url_for("verifier.code", code=code), 303)


@blueprint.get("/verifier/<code>")
@public
def code(code: str):
    """What the register says: the page that the square printed on the document leads to."""
    if attested := reading.by_code(verifying.read_code(code) or ""):
        return _shown(render_template("verifier/attestation.html", entry=attested, code=verifying.read_code(code)))
    found = verifying.look_up(code, internet_access(), page_now())
    return _shown(render_template("verifier/code.html", entry=found, code=verifying.read_code(code)) if found else
                  render_template("verifier/inconnu.html", code=code), 200 if found else 404)


@blueprint.post("/verifier")
@public
def fichier():
    """What the file is. It is read, answered, and kept nowhere."""
    now = page_now()
    verifying.admit(internet_access(), now)  # before the file is read: it may be heavy
    form = FileForm()
    if not form.validate():
        return _ask(file=form), 422
    upload = form.fichier.uploads[0]
    found = verifying.examined(upload.read(), now)
    return _shown(render_template("verifier/fichier.html", found=found, entry=found.entry, verdict=found.verdict,
                                  finding=found.verdict.finding.value, attested=_attested(found),
                                  name=(upload.filename or "")[:120]))


def _attested(found: verifying.Examined):
    """The attestation that an authentic file is, if it is one."""
    if found.entry is not None or found.verdict.finding.value != "authentic":
        return None
    return reading.by_code(verifying.read_code(found.verdict.carried.code) or "")


def _ask(code: CodeForm | None = None, file: FileForm | None = None) -> str:
    code, file = code or CodeForm(formdata=None), file or FileForm(formdata=None)
    return render_template("verifier/verifier.html", code=code, file=file, errors=[*code.wrong, *file.wrong])


def _shown(page: str, status: int = 200):
    return page, status, {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
