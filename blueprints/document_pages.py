"""What the parties of a request agree on, as a page and as a PDF: the convention of an immersion, the protocol of a mentoring."""

from __future__ import annotations

from flask import Response, render_template

from models.convention import ConventionState
from models.states import Kind
from services import acting, convention
from services.convention import signing
from services.mentorat import protocol

from .downloads import download
from .sessions_shown import when
from .templating import page_now
from .visitor import Visitor


def show_convention(visitor: Visitor) -> str:
    """The convention (or the protocol of a mentoring) as an accessible page: its true readable version (RGAA 13.3)."""
    if visitor.dossier.kind_ == Kind.MENTORAT:
        version = protocol.readable(visitor.dossier, visitor.participant)
        return render_template("mentorat/protocole.html", visitor=visitor, dossier=visitor.dossier, base=visitor.base,
                               version=version, document=protocol.as_page(version),
                               actions=[a for a in acting.available(
                                   visitor.dossier, visitor.role, page_now(), visitor.participant)
                                        if a.slug in ("accorder", "protocole")])
    data = convention.readable(visitor.dossier, visitor.role, page_now())
    version = convention.version_read(visitor.dossier, data)
    signed = version if version and version.state == ConventionState.SIGNED else None
    return render_template("dossier/convention.html", visitor=visitor, dossier=visitor.dossier, base=visitor.base,
                           data=data, document=convention.as_page(data, signed), version=version, signed=signed,
                           sealed=convention.sealed_documents(visitor.dossier) if signed else [], **when(visitor),
                           **signing.expected(visitor.dossier, visitor.participant), missing=convention.still_missing(data),
                           actions=[a for a in acting.available(visitor.dossier, visitor.role, page_now())
                                    if a.slug in ("rediger", "relecture", "signature", "reprendre")])


def send_convention(visitor: Visitor) -> Response:
    """The same as a PDF."""
    if visitor.dossier.kind_ == Kind.MENTORAT:
        version = protocol.readable(visitor.dossier, visitor.participant)
        return download(protocol.as_pdf(version), f"protocole-{visitor.dossier.reference}-v{version.version}.pdf",
                        "application/pdf", inline=True)
    data = convention.readable(visitor.dossier, visitor.role, page_now())
    pdf = convention.as_pdf(visitor.dossier, data)
    return download(pdf, f"convention-{visitor.dossier.reference}-v{data.version}.pdf", "application/pdf", inline=True)
