"""Alerts: their author's pages, and those of referents."""

from __future__ import annotations

from browser import alerting
from browser.atlas.place import Place, at, pressed

ALERTS = (
    Place("alerter, sans clé", "alerte/alerte.html", at("/alerte"), strict=True),
    Place("alerter", "alerte/alerte.html", at("/alerte")),
    Place("écrire une alerte", "alerte/ecrire.html", alerting.form),
    Place("écrire une alerte, vide", "alerte/ecrire.html", pressed(alerting.form, "Voir qui lira"), status=422),
    Place("qui lira", "alerte/relire.html", alerting.checked),
    Place("personne ne lira", "alerte/relire.html", alerting.nobody),
    Place("alerte envoyée", "alerte/envoyee.html", alerting.sent),
    Place("le code d’une alerte", "alerte/suite.html", at("/suite")),
    Place("le code d’une alerte, vide", "alerte/suite.html", pressed(at("/suite")), status=422),
    Place("l’échange d’une alerte", "alerte/conversation.html", alerting.came_back),
    Place("l’échange d’une alerte, effacer sans cocher", "alerte/conversation.html",
          pressed(alerting.came_back, "Tout effacer"), status=422),
    Place("l’échange d’une alerte, que personne n’avait lue", "alerte/conversation.html", alerting.escalated),
    Place("une alerte effacée", "alerte/effacee.html", alerting.erased),
    Place("les thèmes", "alerte/themes.html", at("/alerte/themes")),
    Place("personnes référentes", "alerte/entrer.html", at("/referents")),
    Place("personnes référentes, vide", "alerte/entrer.html", pressed(at("/referents")), status=422),
    Place("lien d’une personne référente", "alerte/lien_envoye.html", pressed(at("/referents"), email="x@ring.example")),
    Place("faire sa clé", "alerte/faire_cle.html", alerting.making),
    Place("faire sa clé, sans la répéter", "alerte/faire_cle.html", pressed(alerting.making, "Faire ma clé"), status=422),
    Place("fiche de secours", "alerte/fiche.html", alerting.made),
    Place("phrase de passe", "alerte/ouvrir.html", alerting.locked),
    Place("phrase de passe, fausse", "alerte/ouvrir.html", pressed(alerting.locked, phrase="ce n’est pas elle"), status=422),
    Place("phrase de passe perdue", "alerte/secours.html", alerting.lost),
    Place("phrase de passe perdue, code faux", "alerte/secours.html", pressed(alerting.lost, sheet="abcd"), status=422),
    Place("page refermée", "alerte/fermee.html", at("/referents/messages"), status=410),
    Place("messages d’une personne référente", "alerte/messages.html", alerting.unlocked),
    Place("messages d’une personne référente, aucun", "alerte/messages.html", alerting.unlocked_with_nothing),
    Place("un échange à ouvrir", "alerte/message_ferme.html", alerting.unopened),
    Place("un échange ouvert", "alerte/message.html", alerting.opened),
    Place("un échange ouvert, réponse vide", "alerte/message.html", pressed(alerting.opened, "Envoyer"), status=422),
    Place("ma clé", "alerte/cle.html", alerting.then("/referents/cle")),
    Place("ma clé, vide", "alerte/cle.html", pressed(alerting.then("/referents/cle"), "Changer"), status=422),
    Place("synthèse", "alerte/synthese.html", alerting.then("/referents/synthese")),
)
