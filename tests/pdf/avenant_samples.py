"""Amendments to the samples of conventions, and their certificates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pdf_samples as samples

from pdf.avenant import AvenantData, Change, content_hash
from pdf.certificate import CertificateData
from pdf.convention_data import ConventionData, Place, Session


def avenant_of(data: ConventionData, words: str = "La salle des ateliers ferme pour travaux.") -> AvenantData:
    """One more day, at another address."""
    more = Session(date(2027, 2, 16), time(9), time(12))
    after = replace(data, sessions=(*data.sessions, more), places=(Place("8 rue des Oliviers", "Bagnols-sur-Cèze"),))
    return AvenantData(
        data.reference, 1, 1, "à signer", date(2027, 1, 25), data.network, data.version, date(2027, 1, 15), "7K4M-XQ2P-9RTD",
        data.frame, data.host, data.employer, data.companion, words, date(2027, 2, 15),
        (Change("Séances", "mardi 2 février 2027\nmardi 9 février 2027",
                "mardi 2 février 2027\nmardi 9 février 2027\nmardi 16 février 2027"),
         Change("Lieu", "3 rue des Lilas, Bagnols-sur-Cèze", "8 rue des Oliviers, Bagnols-sur-Cèze"),
         Change("Clauses particulières", "", words)),
        after.sessions, after, verification_code="8N5Q-ZR3T-0SVE", verification_url="https://reseau.example/verifier/8N5Q-ZR3T-0SVE")


def into_a_loan() -> AvenantData:
    """From a mission of observation to a loan: another legal frame, the whole convention joined."""
    after = replace(samples.OBSERVATION, frame=samples.LOAN.frame, details=samples.LOAN.details)
    changes = (Change("Cadre juridique", "Mission d’observation", "Prêt de main-d’œuvre à but non lucratif"),
               Change("Travail confié", "", after.details.entrusted_work))
    return replace(avenant_of(samples.OBSERVATION, "Noa tient désormais la permanence avec l’équipe."), frame=after.frame,
                   changes=changes, sessions=after.sessions, consolidated=after, whole=True)


def proofs_of(data: AvenantData) -> CertificateData:
    """Its certificate: all signed by link."""
    return replace(samples.proofs_of(data.consolidated), reference=data.named, version=data.version,
                   content_hash=content_hash(data))
