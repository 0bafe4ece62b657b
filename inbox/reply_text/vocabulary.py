"""Words that mail programs write around a quoted message, in the languages met in real mail."""

from __future__ import annotations

import re

FROM, TO, CC, WHEN, SENT, SUBJECT, OTHER = "from", "to", "cc", "when", "sent", "subject", "other"

_LABELS = {
    FROM: "from|de|expéditeur|von|da|van|från|fra|od|от|от кого|від|发件人|寄件者|寄件人|差出人|送信者"
          "|보낸 사람|lähettäjä|feladó|remitente|mittente|kimden|odesílatel|envoyé par|de la part de|από|מאת|من",
    TO: "to|à|a|pour|destinataire|destinataires|an|aan|till|til|do|para|per|кому|до|收件人|收件者|宛先|받는 사람"
        "|vastaanottaja|kime|komu|címzett|către|προς|đến",
    CC: "cc|cci|bcc|c.c.|copie|copie à|copie cachée|kopie|kopia|kopi|копия|copia|抄送|副本|참조",
    WHEN: "date|le|date d'envoi|datum|data|dato|fecha|дата|日期|日時|날짜|päivämäärä|päiväys|tarih|dátum|ngày",
    SENT: "sent|sent at|sent on|envoyé|envoyé le|envoyée|envoyée le|reçu|message du|gesendet|gesendet am|verzonden"
          "|inviato|inviato il|skickat|sendt|enviado|enviado el|enviado em|enviada em|enviat|wysłano|wysłane|lähetetty"
          "|отправлено|надіслано|发送时间|已傳送|寄件日期|送信日時"
          "|보낸 날짜|gönderildi|odesláno|elküldve|trimis|đã gửi",
    SUBJECT: "subject|objet|sujet|betreff|onderwerp|oggetto|ämne|emne|asunto|assunto|assumpte|temat|тема|主题|主題|主旨"
             "|件名|제목|aihe|konu|předmět|predmet|tárgy|subiect|θέμα|chủ đề",
    OTHER: "reply-to|reply to|répondre à|risposta|antwort an|responder a|importance|priorité|priority|pièces jointes"
           "|pièce jointe|attachments|organisation|organization|message-id|newsgroups|wichtigkeit",
}
LABELS = {label: kind for kind, labels in _LABELS.items() for label in labels.split("|")}

# "m'a écrit", "nous a écrit": a person tells what someone wrote to them, which no mail program does.
_TOLD = "".join(rf"(?<!\b{word} )" for word in ("nous", "vous", "lui", "leur")) + r"(?<!\bm')(?<!\bt')(?<!\bl')"
VERB = re.compile(
    r"(?:\b(?:wrote|writes|escribió|escribio|escrigué|ha escrit|ha scritto|scrive|escreveu|schrieb|geschrieben|schreef"
    r"|geschreven|skrev|napisał|napisała|pisze|написал|написала|пишет|писал|пише|написав|написа|napsal|napísal"
    r"|kirjoitti"
    r"|írta|a scris|yazdı|έγραψε|đã viết|kirjutas|rašė|napisao|va escriure|skrifaði)\b(?:\(a\)|\(а\))?"
    rf"|{_TOLD}\ba [eé]crit\b|写道|寫道|のメッセージ|のメール|님이 작성|كتب|כתב)",
    re.IGNORECASE,
)
BARE_END = re.compile(r"(?:\bwrote|\ba [eé]crit|\bschrieb|\bescribió|\bha scritto)\s*$", re.IGNORECASE)

_ORIGINAL = (
    r"original message|original e-?mail|reply message|message d'origine|message original|message initial|message reçu"
    r"|mail original|mail d'origine|courriel original|courriel d'origine|e-?mail d'origine|e-?mail original"
    r"|message précédent|ursprüngliche nachricht|original-?nachricht|originalnachricht|oprindelig (?:meddelelse|besked)"
    r"|opprinnelig melding|ursprungligt meddelande|originalmeddelande|messaggio originale|mensaje original"
    r"|missatge original|mensagem original|oorspronkelijk bericht|origineel bericht|originele bericht|původní zpráva"
    r"|pôvodná správa|исходное сообщение|пересылаемое сообщение|оригінальне повідомлення|原始邮件|原始郵件|原始信息"
    r"|元のメッセージ|원본 메시지|alkuperäinen viesti|(?:wiadomość oryginalna|oryginalna wiadomość)|eredeti üzenet"
    r"|özgün ileti|mesaj original|messages? d[ée]j[àa] [ée]chang[ée]s"
)
ORIGINAL_LINE = re.compile(rf"^[-_=~–—\s]{{2,}}(?:{_ORIGINAL})\s*:?[-_=~–—\s]*$", re.IGNORECASE)
# Samsung's own text has no line ends: "-------- Message d'origine --------De : X Date : ... À : ... Objet : ...".
ORIGINAL_THEN_HEADER = re.compile(
    rf"^[-_=~–—\s]{{2,}}(?:{_ORIGINAL})\s*:?[-_=~–—\s]{{2,}}(?:{_LABELS[FROM]}|{_LABELS[SENT]}|{_LABELS[WHEN]}) ?:",
    re.IGNORECASE)
_FORWARDED = (
    r"forwarded message|message transféré|message transmis|message réexpédié|message suivi|mail transféré|courriel transféré"
    r"|e-?mail transféré|messaggio inoltrato"
    r"|mensaje reenviado|mensagem encaminhada|weitergeleitete nachricht|doorgestuurd bericht|videresendt meddelelse"
)
FORWARD_LINE = re.compile(
    rf"^(?:[-_=~–—\s]{{2,}}(?:{_FORWARDED})\b:?[-_=~–—\s]*|(?:begin forwarded message|début du message "
    r"(?:transféré|réexpédié|transmis)|anfang der weitergeleiteten nachricht)\s*:)\s*$",
    re.IGNORECASE,
)

FORWARD_OPENS = re.compile(rf"^\W*(?:{_FORWARDED})\b", re.IGNORECASE)

TIME = re.compile(r"\b\d{1,2}\s?[:hH時]\s?\d{2}\b|\bklo?\.?\s*\d{1,2}[.:]\d{2}\b|\d{1,2}時|T\d{2}:\d{2}")
DATE = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|\b\d{1,2}\s?[/.\-]\s?\d{1,2}(?:\s?[/.\-]\s?\d{2,4})?\b|\d月")
ADDRESS = re.compile(r"[^\s<>\[\]():;,\"']{1,100}@[^\s<>\[\]():;,\"'@]{1,100}|mailto:")
WRAPPED_ADDRESS = re.compile(r"[<(\[]\s?(?:mailto:)?\s?[^<>()\[\]]{0,120}@[^<>()\[\]]{1,120}[>)\]]")
RULE_LINE = re.compile(r"^[-_=*~–—\s]{3,}$")

# The person says that the answers are inside the quoted message: nothing below may be cut then.
ANSWERS_BELOW = re.compile(
    r"\b(?:réponses?|réponds|répondu|commentaires?|remarques?|annotations?)\b[^.\n]{0,40}"
    r"\b(?:dessous|en (?:rouge|bleu|vert|gras|couleur)|dans (?:le|votre|ton) (?:texte|message|mail|courriel|corps))"
    r"|\bentre les lignes\b"
    r"|\b(?:answers?|repl(?:y|ies)|comments?|responses?|notes?)\b[^.\n]{0,30}\b(?:below|inline|in (?:red|blue|bold"
    r"|green))"
    r"|\bsee inline\b",
    re.IGNORECASE,
)

_DEVICE = (
    r"iphone|ipad|ipod|apple watch|mobile|portable|smartphone|t[ée]l[ée]phone|tel|tablette|appareil|galaxy|samsung"
    r"|huawei"
    r"|xiaomi|redmi|poco|honor|oppo|oneplus|one plus|sony|xperia|nokia|lumia|motorola|moto|htc|lg|wiko|alcatel|asus"
    r"|pixel"
    r"|fairphone|crosscall|blackberry|android|ios|windows|outlook|hotmail|yahoo|gmail|mail|courrier|orange|la ?poste"
    r"|free|sfr|bouygues|protonmail|proton|tutanota|tuta|bluemail|typeapp|k-9|thunderbird|airmail|mailbox|spark|mailo"
    r"|spike|newton|canary|edison|mailspring|superhuman|missive|fairemail|em client|aqua ?mail|mymail|vivaldi|wanadoo|bbox"
    r"|cell|phone|handy|mobiltelefon|mobilgerät|device|ordinateur|pc|mac|macbook|zimbra|infomaniak|ik mail|polymail"
)
CLIENT_LINE = re.compile(
    r"^[\s<(\[]*(?:"
    r"sent from my\b[^?!]{0,110}"
    rf"|sent (?:from|via|with|by|using) [^?!]{{0,60}}\b(?:{_DEVICE})\b[^?!]{{0,90}}"
    rf"|(?:envoy[ée]e?s?|transmis|t[ée]l[ée]charg[ée]|[ée]crit|r[ée]dig[ée]) (?:de|depuis|via|avec|[àa] partir d[e'u]"
    rf"|par)\b"
    rf"[^?!]{{0,60}}\b(?:{_DEVICE})\b[^?!]{{0,70}}"
    rf"|de mon (?:{_DEVICE})\b.{{0,25}}"
    rf"|(?:\w+ )?from (?:my )?(?:{_DEVICE})\b.{{0,25}}"
    r"|(?:get|obtenir|obtenez|t[ée]l[ée]charge[rz]|download|hol|holen sie sich) \[?(?:outlook|yahoo|bluemail"
    r"|spark)\b.{0,120}"
    r"|provenance ?: ?courrier pour windows.{0,20}"
    rf"|(?:von meinem|diese nachricht wurde von meinem|gesendet (?:von|mit|über|aus)) .{{0,60}}\b(?:{_DEVICE}).{{0,80}}"
    rf"|(?:verzonden (?:met|vanaf|via)|enviado (?:desde|do|de|a partir)|inviato (?:da|dal|con)|skickat från|sendt fra"
    rf"|sent fra|wysłan[eo] z|отправлено (?:с|из)|lähetetty) .{{0,60}}\b(?:{_DEVICE}).{{0,80}}"
    r"|從我的 .{1,40} 傳送|从我的 .{1,40}发送|.{1,30}から送信"
    r")[\s>)\].]*$",
    re.IGNORECASE,
)
# "Envoyé par la Poste hier, vous devriez le recevoir": a person speaks of a parcel, not a phone of itself.
CLIENT_LINE_DENIED = re.compile(
    r"^\W*envoy[ée]e?s? par\b|\b(?:is|are|was|were|will|est|sont|était|sera)\b|^\W*sent by (?:post|mail|e-?mail)\b"
    r"|\b(?:hier|demain|ce matin|cet après-midi|vous|nous|je|j'ai|il|elle|lundi|mardi|mercredi|jeudi|vendredi|samedi"
    r"|dimanche|yesterday|tomorrow|today|you|we|i|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b",
    re.IGNORECASE,
)
