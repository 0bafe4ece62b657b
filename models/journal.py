"""The journal: what happened to a dossier, said in French, written by the change itself."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ForeignKey, Index, String, TextClause, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import UTCDateTime, db

if TYPE_CHECKING:
    from .dossier import Dossier, Participant

#: kind of entry -> sentence. ``{who}`` is the person who acted; the rest are the entry's facts (never personal data).
SENTENCES: dict[str, str] = {
    "submitted": "{who} a envoyé la demande.",
    "confirmed": "{who} a confirmé son adresse.",
    "confirmation_reminded": "Un rappel pour confirmer l’adresse est parti.",
    "routed": "La demande est confiée à {who}.",
    "routed_to_deputy": "La demande est confiée à {who}, en suppléance.",
    "routed_by_default": "Personne ne couvre ce territoire pour cette demande : elle est confiée par défaut à {who}.",
    "accepted": "{who} a accepté la demande.",
    "refused": "{who} n’a pas donné suite à la demande.",
    "withdrawn": "{who} a retiré sa demande.",
    "resolved": "{who} a indiqué que la question a trouvé sa réponse.",
    "closed": "{who} a clos la demande.",
    "reopened": "{who} a repris l’échange : la demande est rouverte.",
    "answered": "{who} a répondu.",
    "wrote": "{who} a écrit.",
    "wrote_by_subject": "Un courriel au nom de {who} est arrivé, sans preuve que c’est bien cette personne.",
    "noted": "{who} a ajouté une note interne.",
    "still_right": "{who} a dit que ses informations sont toujours justes.",
    "charter_agreed": "{who} a accepté la nouvelle version des engagements ({version}).",
    "records_merged": "{who} a réuni deux fiches de cette personne.",
    "records_parted": "{who} a défait la réunion de deux fiches de cette personne.",
    "became_member": "La personne est devenue membre du réseau (engagements, version {charter}).",
    "employer_suggested": "Un texte à transmettre à son employeur a été proposé à la personne.",
    "employer_told": "La structure employeuse a été informée par courriel.",
    "employer_asked": "L’accord de principe de la structure a été demandé par {who}.",
    "taken_alone": "{who} a pris la demande en charge : la personne vient en son nom, sans accord à demander.",
    "employer_agreed": "{who} a donné son accord de principe.",
    "employer_declined": "{who} n’a pas donné son accord.",
    "host_asked": "{who} a proposé l’accueil à une structure.",
    "next_host_asked": "La structure suivante, choisie d’avance, est sollicitée pour l’accueil.",
    "host_agreed": "{who} a accepté d’accueillir et donné ses dates.",
    "host_declined": "{who} ne peut pas accueillir cette fois.",
    "host_changed": "{who} a repris la recherche d’une structure d’accueil.",
    "part_saved": "{who} a complété sa part de la convention.",
    "parts_asked": "{who} a demandé aux parties ce qui manque à la convention.",
    "sent_outside": "{who} a envoyé la fiche préparatoire d’une PMSMP : la suite se fait hors convention du réseau.",
    "placement_asked": "Il est demandé à la personne si la période a eu lieu.",
    "placement_later": "{who} dit que la période n’a pas encore eu lieu.",
    "placement_told": "{who} dit si la période a eu lieu : {outcome}.",
    "convention_drafted": "{who} a enregistré le projet de convention.",
    "convention_shown": "{who} a envoyé le projet de convention (version {version}) aux parties.",
    "convention_issued": "{who} a envoyé la convention (version {version}) à signer aux parties.",
    "convention_reopened": "{who} a repris la convention : la version {version} n’est plus à signer.",
    "convention_signed_by": "{who} a signé la convention (version {version}), {way}.",
    "convention_signed": "La convention (version {version}) est signée par toutes les parties.",
    "convention_change_asked": "{who} a demandé une modification de la convention (version {version}).",
    "convention_kept": "{who} a remis à signer la convention sans la modifier (version {version}).",
    "convention_declined": "{who} a refusé de signer (version {version}).",
    "contact_corrected": "{who} a corrigé des coordonnées : les signatures de la version {version} comptent toujours.",
    "signatures_voided": "Les signatures de la version {version} ne comptent plus ({count}).",
    "signature_recalled": "{who} a rappelé la signature attendue ({party}).",
    "copy_deposited": "{who} a renvoyé la convention signée sur papier (version {version}).",
    "copy_refused": "{who} n’a pas retenu un document renvoyé sur papier.",
    "signer_changed": "{who} a indiqué une autre adresse pour signer.",
    "convention_expired": "Les signatures ne sont pas réunies le jour de la première séance (version {version}).",
    "lived": "La dernière séance a eu lieu : les retours sont attendus.",
    "amendment_signed": "L’avenant n\u00ba\u00a0{number} est signé par toutes les parties.",
    "sealing_asked": "{who} a demandé un nouvel essai de scellement.",
    "convention_sealed": "La convention (version {version}) est scellée, et envoyée à toutes les parties.",
    "amendment_sealed": "L’avenant n\u00ba\u00a0{number} est scellé, et envoyé à toutes les parties.",
    "file_refused": "Une pièce jointe n’a pas été gardée : son format n’est pas accepté.",
    "mail_too_large": "Un courriel trop lourd ({size}\u00a0Mo) n’a pas été pris : la personne est prévenue.",
    "mail_failed": "Un courriel n’a pas pu être remis.",
    "confirmed_by_mail": "{who} a écrit par courriel, et son adresse est confirmée par le lien reçu.",
    "arrived_by_mail": "{who} a écrit au réseau par courriel.",
    "opened_from_mail": "{who} a ouvert cette demande à partir d’un courriel reçu.",
    "mail_attached": "{who} a rattaché un courriel reçu.",
    "link_renewed": "Un nouveau lien personnel a été demandé.",
    "note_removed": "{who} a effacé une note interne.",
    "taken": "{who} a pris la demande.",
    "given_back": "{who} ne s’occupe plus de la demande.",
    "message_moved_out": "{who} a déplacé un message dans {reference}.",
    "message_moved_in": "{who} a placé ici un message venu de {reference}.",
    "merged": "{who} a réuni cette demande avec {reference}, où l’échange continue.",
    "merged_in": "{who} a réuni ici la demande {reference}.",
    "bulk_undone": "{who} est revenu·e sur une attribution faite à plusieurs demandes.",
    "coordinator_left": "{who} quitte la coordination.",
    "handed_over": "{who} a transmis la demande.",
    "muted": "{who} ne veut plus recevoir de courriels sur cette demande.",
    "unmuted": "{who} reçoit de nouveau les courriels de cette demande.",
    "copied": "{who} a mis d’autres personnes en copie de son courriel ({count}) : rien ne leur est écrit.",
    "slowed": "Beaucoup de courriels de {who} sont arrivés en peu de temps : les derniers sont gardés ici, sans être transmis.",
    "same_words": "{who} a envoyé plusieurs fois les mêmes mots : ils n’ont été transmis qu’une fois.",
    "wrote_late": "{who} a écrit longtemps après la fin de la demande.",
    "wrote_after_leaving": "{who}, qui ne coordonne plus, a écrit : ses mots sont gardés en note.",
    "peers_asked": "Des pairs du réseau ont été sollicités : {count}.",
    "peer_asked_by_hand": "{who} a sollicité une personne en particulier.",
    "peer_asked_beyond": "{who} a sollicité une personne en particulier, au-delà du rythme qu’elle accepte.",
    "peers_exhausted": "Il n’y a plus de pair à solliciter pour cette demande.",
    "peer_took": "{who} aide la personne.",
    "peer_declined": "{who} ne peut pas aider cette fois.",
    "peer_paused": "{who} ne peut pas aider, et met ses sollicitations en pause.",
    "peer_passed": "{who} a pensé à quelqu’un d’autre pour aider.",
    "peer_gave_back": "{who} ne peut plus aider : la recherche reprend.",
    "oriented": "{who} ne sait pas, et a orienté la personne.",
    "watch_reminded": "Un rappel est parti : la réponse promise approche.",
    "watch_deputy": "La réponse promise n’est pas venue : {who} est prévenu·e, en suppléance.",
    "watch_safety": "La réponse promise n’est toujours pas venue : l’adresse de secours du réseau est prévenue.",
    "slots_proposed": "{who} a proposé des créneaux pour se parler.",
    "slot_chosen": "{who} a choisi un créneau pour se parler.",
    "meeting_cancelled": "{who} a annulé le rendez-vous.",
    "opinion_given": "La personne a donné son avis : il est compté sans son nom.",
    "fiche_agreed": "{who} est d’accord pour une fiche sans nom.",
    "fiche_published": "{who} a publié une fiche tirée de l’échange.",
    "fiche_withdrawn": "{who} a retiré la fiche.",
    "first_answer": "Première réponse, {after} après la demande.",
    "address_stopped": "L’adresse de {who} ne marche pas : ses courriels attendent.",
    "address_lifted": "On écrit de nouveau à {who} : l’adresse marche.",
    "address_corrected": "{who} a indiqué une nouvelle adresse pour une personne, qui doit la confirmer.",
    "address_confirmed": "{who} a confirmé sa nouvelle adresse.",
    "session_reminded": "Un rappel de la prochaine séance est parti.",
    "reports_asked": "Les retours des parties ont été demandés.",
    "report_reminded": "Un rappel pour donner un retour est parti.",
    "report_given": "{who} a donné son retour ({voice}).",
    "report_given_for": "{who} a noté un retour pour une des parties ({voice}).",
    "publication_agreed": "{who} est d’accord pour publier le récit.",
    "publication_refused": "{who} ne souhaite pas que le récit soit publié.",
    "account_published": "{who} a publié le récit.",
    "account_retracted": "{who} a retiré le récit des pages du réseau.",
    "closed_by_clock": "Le dossier est clos, un mois après la dernière séance.",
    "attestation_awarded": "Les attestations ont été décidées : elles partent dès qu’elles sont scellées.",
    "attestation_sent": "Une attestation et son badge sont partis.",
    "attestation_revoked": "{who} a retiré les attestations et leurs badges.",
    "move_asked": "{who} a proposé de déplacer une séance.",
    "move_agreed": "{who} est d’accord pour déplacer la séance.",
    "move_done": "La séance est déplacée, avec l’accord de tous.",
    "move_refused": "{who} préfère garder la date de la séance.",
    "interrupted": "{who} a dit que l’immersion s’arrête (cause : {cause}).",
    "not_held": "{who} a dit que l’immersion n’a pas lieu (cause : {cause}).",
    "details_changed": "{who} a changé ses coordonnées.",
    "resumed": "{who} a dit que c’était une erreur : l’immersion reprend comme prévu.",
    "exchange_planned": "{who} a fixé la date du prochain échange.",
    "exchange_cancelled": "{who} a annulé le prochain échange.",
    "amendment_issued": "{who} a envoyé l’avenant nº {number} à signer.",
    "amendment_cancelled": "{who} a renoncé à l’avenant nº {number}.",
    "stage_added": "{who} a demandé une nouvelle étape de ce parcours.",
    "mentor_wished": "{who} souhaite un mentor ou une mentore.",
    "mentor_asked": "{who} a proposé à un membre d’être mentor ou mentore.",
    "mentor_agreed": "{who} accepte d’être mentor ou mentore.",
    "mentor_declined": "{who} ne peut pas être mentor ou mentore cette fois.",
    "mentor_changed": "{who} reprend la recherche d’un mentor ou d’une mentore.",
    "mentor_left": "{who} ne peut plus accompagner la personne : la recherche reprend.",
    "newcomer_agreed": "{who} accepte : la paire est faite, chacun·e sait comment joindre l’autre.",
    "newcomer_declined": "{who} préfère quelqu’un d’autre.",
    "pair_reminded": "Un rappel est parti : une réponse est attendue.",
    "protocol_saved": "{who} a écrit le protocole (version {version}).",
    "protocol_agreed_by": "{who} accepte le protocole (version {version}).",
    "protocol_agreed": "Le protocole (version {version}) est accepté par tout le monde : le mentorat commence.",
    "protocol_sent": "Le protocole (version {version}) est scellé et envoyé.",
    "checkpoint_asked": "Il est demandé à chacun·e comment ça se passe.",
    "checkpoint_answered": "{who} a dit comment ça se passe.",
    "mentorat_extended": "Le mentorat continue trois mois de plus, comme chacun·e le souhaite.",
    "mentorat_wish_to_continue": "{who} souhaite continuer.",
    "mentorat_ended": "{who} a mis fin au mentorat.",
    "mentorat_ended_by_clock": "Le mentorat se termine, comme prévu.",
    "last_word": "{who} a laissé un mot à l’autre.",
    "stage_of": "Cette demande continue un parcours commencé auparavant.",
}


def _counted(table: str = "") -> TextClause:
    return text(f"{table}kind IN ('accepted', 'answered', 'convention_issued', 'lived', 'mentor_asked', 'mentorat_ended', "
                "'mentorat_ended_by_clock', 'newcomer_agreed')")


#: What figures and exports ask of the journal, beside the kind they want: the very words of an index.
COUNTED = _counted("journal_entry.")


class JournalEntry(db.Model):
    """One thing that happened; ``facts`` hold numbers and versions, never a copy of personal data."""

    # What is counted by year, apart from all the rest.
    __table_args__ = (Index("ix_journal_entry_counted", "kind", "at", "dossier_id", sqlite_where=_counted(),
                            postgresql_where=_counted()),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    kind: Mapped[str] = mapped_column(String(40))
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id", ondelete="SET NULL"))
    via: Mapped[str] = mapped_column(String(10), default="web")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    dossier: Mapped[Dossier] = relationship(back_populates="journal")
    participant: Mapped[Participant | None] = relationship()

    @property
    def sentence(self) -> str:
        return self._said(self.participant.display_name if self.participant else "")

    def sentence_for(self, reader: Participant | None) -> str:
        """The same as that person of the dossier may read it, where somebody keeps their name from them."""
        return self._said(self.participant.shown_to(reader) if self.participant else "")

    def _said(self, who: str) -> str:
        return SENTENCES[self.kind].format(who=who or "Le réseau", **self.facts)
