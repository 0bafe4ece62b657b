"""What ``flask mail test`` says of each outcome: what happened, and what to do."""

from __future__ import annotations

from mail.trial import Outcome

#: outcome -> (what happened, what to do).
EXPLAINED: dict[Outcome, tuple[str, str]] = {
    Outcome.ACCEPTED: (
        "Le serveur d’envoi a pris le courriel. Il est maintenant responsable de sa remise.",
        "Ouvrez la boîte de réception de cette adresse, et ses indésirables. Rien au bout de dix minutes ? Cherchez un avis de "
        "non-remise, puis lancez « flask --app app mail dns »."),
    Outcome.LATER: (
        "Le serveur demande de revenir plus tard. Ce n’est pas une panne : beaucoup de serveurs font attendre un expéditeur "
        "qu’ils ne connaissent pas encore, ou qui envoie trop vite.",
        "Recommencez dans un quart d’heure. Les vrais courriels sont représentés tout seuls, pendant trois jours."),
    Outcome.NO_SUCH_SERVER: (
        "Aucun serveur ne porte ce nom, ou cette machine ne sait pas le chercher (DNS).",
        "Vérifiez l’orthographe de MAIL_SERVER, puis que cette machine a accès à internet."),
    Outcome.REFUSED_CONNECTION: (
        "La machine existe, mais rien n’écoute sur ce port.",
        "Vérifiez MAIL_PORT : 587 le plus souvent, ou 465 avec MAIL_USE_SSL = true."),
    Outcome.SILENT: (
        "Le serveur ne répond pas dans le temps prévu (MAIL_TIMEOUT).",
        "Souvent un pare-feu : beaucoup d’hébergeurs ferment le port 25. Prenez le port 587, ou demandez l’ouverture à votre "
        "hébergeur. Le port 465 demande MAIL_USE_SSL = true."),
    Outcome.UNREACHABLE: (
        "La connexion ne s’établit pas, ou s’est coupée.",
        "Vérifiez le réseau de cette machine, MAIL_SERVER et MAIL_PORT."),
    Outcome.NOT_A_MAIL_SERVER: (
        "Ce qui répond là ne parle pas comme un serveur d’envoi, ou a coupé la parole.",
        "Vérifiez MAIL_PORT. Le port 465 demande MAIL_USE_SSL = true ; le port 587 demande MAIL_USE_SSL = false."),
    Outcome.NO_ENCRYPTION: (
        "Le serveur ne propose pas de chiffrement (STARTTLS). Rien n’a été envoyé en clair.",
        "Essayez le port 587, ou 465 avec MAIL_USE_SSL = true. Pour un serveur de la même machine seulement : "
        "MAIL_USE_TLS = false."),
    Outcome.CERTIFICATE: (
        "Le certificat du serveur n’est pas le bon : ce n’est peut-être pas lui. Le mot de passe n’a pas été donné.",
        "Mettez dans MAIL_SERVER le nom exact que votre fournisseur indique (pas une adresse IP). Si c’est votre serveur, "
        "renouvelez son certificat."),
    Outcome.ENCRYPTION_FAILED: (
        "Le chiffrement n’a pas pu commencer : les deux ne parlent pas la même langue.",
        "Vérifiez le couple port et réglage : 587 avec MAIL_USE_TLS = true, ou 465 avec MAIL_USE_SSL = true."),
    Outcome.LOGIN_REFUSED: (
        "Le serveur refuse l’identifiant ou le mot de passe.",
        "Vérifiez MAIL_USERNAME (souvent l’adresse entière) et MAIL_PASSWORD. Certains fournisseurs demandent un mot de passe "
        "d’application."),
    Outcome.NO_LOGIN: (
        "Le serveur n’accepte pas d’identifiant sur cette liaison.",
        "Si votre serveur n’en demande pas, videz MAIL_USERNAME. Sinon, prenez le port 587 ou 465, chiffré."),
    Outcome.LOGIN_WANTED: (
        "Le serveur demande un identifiant avant de prendre un courriel.",
        "Donnez MAIL_USERNAME et MAIL_PASSWORD."),
    Outcome.SENDER_REFUSED: (
        "Le serveur refuse notre adresse d’expédition.",
        "Demandez à votre fournisseur d’accepter, pour ce compte, l’adresse de MAIL_DEFAULT_SENDER et les enveloppes "
        "« retour+…@ » de MAIL_DOMAIN. Les deux réglages doivent porter le même domaine."),
    Outcome.RELAY_DENIED: (
        "Le serveur ne veut pas envoyer de courriel à l’extérieur pour nous.",
        "Donnez MAIL_USERNAME et MAIL_PASSWORD, ou faites autoriser l’adresse IP de cette machine par qui tient le serveur."),
    Outcome.UNKNOWN_RECIPIENT: (
        "L’adresse d’essai n’existe pas, dit le serveur. Le reste fonctionne jusque-là.",
        "Vérifiez l’adresse, ou essayez avec une autre."),
    Outcome.MAILBOX_FULL: (
        "La boîte de cette adresse est pleine, dit le serveur. Le reste fonctionne jusque-là.",
        "Essayez avec une autre adresse."),
    Outcome.RECIPIENT_REFUSED: (
        "Le serveur refuse cette adresse d’essai.",
        "Lisez ses mots ci-dessus, et essayez avec une autre adresse pour savoir si le refus tient à elle."),
    Outcome.CONTENT_REFUSED: (
        "Le serveur a refusé le courriel lui-même, souvent parce que l’expéditeur n’est pas reconnu (SPF, DKIM, DMARC).",
        "Lancez « flask --app app mail dns » et corrigez ce qu’il montre, puis recommencez."),
}
