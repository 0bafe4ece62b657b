"""What went wrong, as an operator can use it: French, plain, without the password nor anybody's mail."""

from __future__ import annotations

import logging
import socket
import ssl
from typing import TYPE_CHECKING

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError
from sqlalchemy.exc import SQLAlchemyError

from .mailbox import NoSuchFolder, NotEncrypted, WrongPassword

if TYPE_CHECKING:
    from config import ImapAccount

log = logging.getLogger(__name__)


def explain(error: Exception, account: ImapAccount) -> str:
    """One or two sentences on what keeps the mailbox from being read."""
    where = f"{account.host}:{account.port}"
    match error:
        case WrongPassword():
            return f"{account.host} refuse l’identifiant ou le mot de passe de IMAP_URL.{_said(error, account)}"
        case NotEncrypted():
            return (f"{where} n’offre pas de liaison chiffrée : le mot de passe serait lisible. Écrivez imaps:// au début de "
                    "IMAP_URL.")
        case NoSuchFolder():
            return f"Le dossier « {account.folder} » ne s’ouvre pas dans cette boîte (fin de IMAP_URL).{_said(error, account)}"
        case ssl.SSLCertVerificationError():
            return f"Le certificat de {where} n’est pas valable : {error.verify_message}."
        case ssl.SSLError():
            return f"La liaison chiffrée avec {where} ne s’établit pas. Vérifiez le port, et imaps:// ou imap://."
        case socket.gaierror():
            return f"Le serveur {account.host} est introuvable. Vérifiez son nom dans IMAP_URL."
        case OSError():
            return f"Le serveur {where} ne répond pas. Nouvel essai plus tard."
        case IMAPClientAbortError():
            return f"Le serveur {where} a coupé la liaison. Nouvel essai plus tard."
        case IMAPClientError():
            return f"Le serveur {where} a refusé une demande.{_said(error, account)}"
        case SQLAlchemyError():
            return "La base de données ne répond pas : les courriels restent dans la boîte. Nouvel essai plus tard."
    log.error("unexpected trouble with the mailbox", exc_info=error)
    return f"Défaut inattendu ({type(error).__name__}) : les courriels restent dans la boîte. Le journal en dit plus."


def _said(error: Exception, account: ImapAccount) -> str:
    """The server's own words: they help to search for help, and are cut short."""
    words = str(error).replace(account.password, "…").removeprefix("b'").rstrip("'").strip()
    return f" Le serveur dit : « {words[:200]} »" if words else ""
