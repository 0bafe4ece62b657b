"""Conventions and charters to print in tests: invented people, one complete case for each legal frame."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from pdf.attestation import TO_COMPANION, AttestationData
from pdf.certificate import BY_LINK, ON_PAPER, CertificateData, SignatureProof, masked
from pdf.charter import CharterData, Commitment
from pdf.convention import (
    BY_DELEGATION,
    TO_SIGN,
    Companion,
    Contact,
    ConventionData,
    Cost,
    FrameDetails,
    NetworkIdentity,
    Party,
    Place,
    Report,
    Session,
    Signatory,
    Tutor,
    content_hash,
)
from pdf.preparatory_sheet import SheetData
from pdf.protocole import Agreed, ProtocoleData, Side

NETWORK = NetworkIdentity(
    name="Réseau Exemple",
    full_name="Réseau d’entraide des médiateurs et médiatrices numériques",
    coordinator="Maxime Coordination",
    email="coordination@reseau.example",
    phone="+33465710009",
    data_controller="L’association Réseau Exemple",
    privacy_email="donnees@reseau.example",
    retention="cinq ans après la fin de l’immersion",
)
EMPLOYER = Party(
    legal_name="Structure Exemple B",
    kind="Association",
    public=False,
    address="12 rue de l’Essai",
    commune="30900 Nîmes",
    siret="00000002600013",
    signatories=(Signatory("Andréa Direction", "directrice", email="direction@structure-b.example",
                           phone="+33465710002"),),
    contact=Contact("Sacha Modèle", "secrétariat", "bureau@structure-b.example", "+33465710006"),
)
HOST = Party(
    legal_name="Structure Exemple C",
    kind="Association",
    public=False,
    address="3 place du Modèle",
    commune="30200 Bagnols-sur-Cèze",
    siret="00000003400017",
    signatories=(Signatory("Claude Accueil", "responsable du pôle numérique", BY_DELEGATION,
                           "claude@structure-c.example", "+33465710003"),),
)
PUBLIC_EMPLOYER = Party(
    legal_name="Structure Exemple A",
    kind="Communauté de communes",
    public=True,
    address="1 avenue de la Preuve",
    commune="30170 Saint-Hippolyte-du-Fort",
    siret="00000001800010",
    signatories=(Signatory("Camille Exemple", "présidente", email="camille@structure-a.example",
                           phone="+33465710001"),),
)
TOWN = Party(
    legal_name="Commune Exemple D",
    kind="Commune",
    public=True,
    address="Place de la Mairie",
    commune="30250 Sommières",
    siret="00000004200010",
    signatories=(
        Signatory("Morgan Maire", "maire", email="maire@commune-d.example"),
        Signatory("Alix Services", "direction générale des services", BY_DELEGATION, "dgs@commune-d.example"),
    ),
)
DAY = (time(9), time(12, 30), time(13, 30), time(17))

OBSERVATION = ConventionData(
    reference="IMM-2027-0007",
    version=1,
    status=TO_SIGN,
    issued_on=date(2027, 1, 12),
    network=NETWORK,
    frame="mission_observation",
    host=HOST,
    employer=EMPLOYER,
    companion=Companion("Noa Fictif", "médiateur numérique", "salarié en CDI", "noa@structure-b.example"),
    tutor=Tutor("Ariel Modèle", "conseiller numérique", "ariel@structure-c.example", "+33465710004"),
    objectives=("Découvrir l’animation d’ateliers collectifs", "Outiller le diagnostic Pix",
                "Comparer les postures « faire avec »"),
    functions="Préparation et animation d’un atelier de dix personnes, accueil individuel sans rendez-vous, "
              "diagnostic des compétences numériques.",
    publics="Personnes âgées, demandeurs et demandeuses d’emploi.",
    sessions=(Session(date(2027, 2, 2), *DAY), Session(date(2027, 2, 9), *DAY)),
    places=(Place("3 place du Modèle", "30200 Bagnols-sur-Cèze", "Espace numérique",
                  "Entrée par la cour, à deux minutes de la gare."),),
    costs=(Cost("Déplacements", "la structure employeuse", "94 km par trajet"),
           Cost("Repas", "la structure d’accueil")),
    insurance_host="Mutuelle Exemple, contrat n° 000 123",
    insurance_employer="Assurance Modèle, contrat n° 000 456",
    safety="Issue de secours au fond de l’atelier ; point de rassemblement sur la place.",
    equipment="Un poste et un badge prêtés pour la journée.",
    reports=(
        Report("le récit de l’expérience", "la personne accueillie", date(2027, 2, 12)),
        Report("le retour sur l’accueil", "la structure d’accueil", date(2027, 2, 19)),
        Report("le bilan", "la structure employeuse", date(2027, 2, 26)),
    ),
)
LOAN = replace(
    OBSERVATION,
    reference="IMM-2027-0008",
    frame="pret_main_oeuvre",
    details=FrameDetails(
        qualification="médiateur numérique, groupe D",
        cost_method="Salaire et charges au prorata de 14 heures, frais de déplacement au réel, sans marge.",
        entrusted_work="Co-animer deux ateliers collectifs et tenir la permanence de l’après-midi.",
        post_features="Station debout pendant les ateliers.",
        cse_employer_on=date(2027, 1, 5),
        cse_note="la structure d’accueil n’a pas de CSE",
        consent_on=date(2027, 1, 6),
        amendment_signed_on=date(2027, 1, 8),
    ),
)
PUBLIC_INTEREST_LOAN = replace(
    OBSERVATION,
    reference="IMM-2027-0009",
    frame="pret_interet_general",
    details=FrameDetails(
        qualification="médiateur numérique, groupe D",
        purpose="Améliorer la qualification de la personne et nouer un partenariat d’intérêt commun.",
        missions="Former l’équipe au diagnostic des compétences numériques.",
        cost_method="Aucune facturation.",
        consent_on=date(2027, 1, 6),
    ),
)
PUBLIC_AGENT = replace(
    OBSERVATION,
    reference="IMM-2027-0010",
    frame="immersion_agent_public",
    host=TOWN,
    employer=PUBLIC_EMPLOYER,
    companion=Companion("Dominique Essai", "conseiller numérique", "agent contractuel",
                        "dominique@structure-a.example"),
    tutor=Tutor("Alix Services", "direction générale des services", "dgs@commune-d.example"),
    functions="Accueil et orientation en mairie.",
    sessions=tuple(Session(date(2027, 4, day), *DAY) for day in (13, 15, 20, 22)),
    places=(Place("Place de la Mairie", "30250 Sommières", "Mairie"),),
    details=FrameDetails(requested_on=date(2027, 1, 11), days_in_three_years=4,
                         project="Comprendre l’accueil d’une petite commune avant d’y tenir une permanence."),
    reports=(),
)
SECONDMENT = replace(
    PUBLIC_AGENT,
    reference="IMM-2027-0011",
    frame="mise_a_disposition",
    details=FrameDetails(
        missions="Accompagner les habitantes et habitants dans leurs démarches en ligne.",
        employment_terms="Horaires de la mairie, congés décidés par l’administration d’origine.",
        control="Un entretien avec la direction générale des services, un rapport à l’administration d’origine.",
        notice="Quinze jours.",
        reimbursement="La commune rembourse la rémunération et les charges au prorata du temps.",
        decision="arrêté n° 2027-03 du 8 mars 2027",
    ),
)
FREELANCE = replace(
    OBSERVATION,
    reference="IMM-2027-0012",
    frame="independant_benevole",
    employer=None,
    companion=Companion("Lou Exemple", "formatrice", "indépendante", "lou@courriel.example", "+33639980001",
                        activity="L’atelier de Lou", address="3 rue du Modèle", commune="30000 Ville-Exemple"),
    insurance_employer="",
    details=FrameDetails(liability_insurance="Assurance Modèle, responsabilité civile professionnelle n° 000 789"),
)
#: Names as people write them: each script in its own shapes, and letters whose accent no font holds ready made.
EVERY_SCRIPT = replace(
    OBSERVATION, reference="IMM-2027-0014", host=replace(HOST, legal_name="ศูนย์การเรียนรู้ดิจิทัล · ສູນ · មជ្ឈមណ្ឌល"),
    employer=replace(EMPLOYER, legal_name="საქართველოს ცენტრი · দেবনাথ · தமிழ் மையம்"),
    companion=replace(OBSERVATION.companion, name="عائشة بنت علي · देवनागरी प्रशिक्षक"),
    tutor=replace(OBSERVATION.tutor, name="Ọlọ́runtóbi Ẹ̀ṣọ́ · Nguyễn Thị Hương"),
    objectives=("学习数字中介工作", "한국어 이름", "עברית שלום", "አማርኛ", "മലയാളം ಕನ್ನಡ తెలుగు", "ગુજરાતી ਪੰਜਾਬੀ ଓଡ଼ିଆ",
                "සිංහල မြန်မာ", "e\u0302\u0303 m\u0303"))
HOSTILE_NAMES = ("Zoë d’Œuvre-N’Guyen", "山田", "\u202eabc", "😀")
HOSTILE = replace(
    OBSERVATION,
    reference="IMM-2027-0013",
    host=replace(
        HOST,
        legal_name="<script>alert(1)</script> & Fils",
        address='<img src="file:///etc/passwd">',
        signatories=tuple(Signatory(name, "qualité") for name in HOSTILE_NAMES),
    ),
    companion=Companion("عائشة بن علي", "{% raw %}", "</p><h1>statut</h1>", "prénom.nom@example.org"),
    objectives=("{{ 7*7 }}", "long " * 2400, "insécable" * 200),
    functions="Bonjour\r\nBcc: tiers@courriel.example\x00\x07",
    places=(Place('<img src="http://127.0.0.1:9/x.png">', "=cmd|'/C calc'!A0"),),
    employer=replace(EMPLOYER, legal_name="Indivisible" * 30),
    costs=(Cost("Insécable" * 30, "payeur" * 30, "détail" * 30),),
    special_clauses="<link rel=attachment href='file:///etc/passwd'><style>@import 'http://127.0.0.1:9/x.css'</style>",
    safety="ไทย हिन्दी አማርኛ ⴰⵣⵓⵍ 한국 שלום \U00020bb7 \ue000 \u2028 \ufeff fin",
)
BY_FRAME = {data.frame: data for data in (
    OBSERVATION, LOAN, PUBLIC_INTEREST_LOAN, PUBLIC_AGENT, SECONDMENT, FREELANCE)}

CHARTER = CharterData(
    member_name="Camille Exemple",
    member_kind="Structure",
    structure="Structure Exemple A, 30170 Saint-Hippolyte-du-Fort",
    accepted_at=datetime(2027, 1, 11, 8, 30, tzinfo=UTC),
    commitments_version="2026-11",
    introduction="Entrer dans le réseau, c’est choisir une manière de travailler ensemble.",
    commitments=(
        Commitment("Dire ce que l’on peut", "Nous disons ce que nous pouvons faire, et ce que nous ne pouvons pas : "
                   "lieux, temps, matériel, compétences. Une limite dite tôt évite une déception."),
        Commitment("Contribuer selon ses moyens", "Nous donnons ce qui est à notre portée : une heure, une salle, une "
                   "méthode. Personne ne tient de compte."),
        Commitment("Prendre soin de la montée en compétences",
                   "Nous laissons aux personnes que nous employons le temps "
                   "d’apprendre et de rencontrer leurs pairs."),
        Commitment("Suspendre son jugement",
                   "Devant une situation difficile, nous cherchons d’abord à comprendre, puis "
                   "nous proposons."),
        Commitment("S’entraider avec bienveillance", "Nous répondons quand nous le pouvons, et nous osons demander."),
        Commitment("Garder la confidentialité",
                   "Les difficultés professionnelles ou de management qu’une action révèle "
                   "restent entre nous, dans les limites prévues par la loi, et se traitent à part."),
    ),
    network_name="Réseau Exemple",
    network_full_name="Réseau d’entraide des médiateurs et médiatrices numériques",
    contact_email="coordination@reseau.example",
)


def proofs_of(data: ConventionData, **changes: object) -> CertificateData:
    """The certificate of a convention all have signed: the first on paper, the others by link."""
    people = [("Pour la structure d’accueil", data.host.legal_name, person) for person in data.host.signatories]
    companion = Signatory(data.companion.name, data.companion.job_title, "", data.companion.email)
    people.append(("La personne accueillie", "", companion))
    people += [("Pour la structure employeuse", data.employer.legal_name, person) for person in data.employer.signatories
               ] if data.employer else []
    sent = datetime(2027, 1, 13, 8, 30, tzinfo=UTC)
    proofs = tuple(
        SignatureProof(
            party=party, structure=structure, name=person.name, quality=person.quality, capacity=person.capacity,
            way=ON_PAPER, signed_on=date(2027, 1, 18), deposited_at=sent + timedelta(days=5, hours=6),
            deposited_by="la personne, en réponse au courriel", accepted_at=sent + timedelta(days=6),
            accepted_by=data.network.coordinator, copy_hash="5e" * 32, address=masked(person.email),
            identified_by="sa réponse, venue de cette adresse, et la comparaison de la copie avec la version envoyée",
            statement="Lu et approuvé")
        if rank == 0 else
        SignatureProof(
            party=party, structure=structure, name=person.name, quality=person.quality, capacity=person.capacity,
            way=BY_LINK, signed_at=sent + timedelta(days=rank, minutes=17 * rank), address=masked(person.email),
            link=f"lien {rank:02d}a9-4f7c", link_sent_at=sent, code_sent_at=sent + timedelta(days=rank, minutes=15 * rank),
            identified_by="le lien personnel envoyé à cette adresse, puis un code à six chiffres envoyé à la même adresse",
            statement="J’ai lu la convention IMM-2027-0007, version 1. Je la signe en mon nom, ou pour la structure que "
                      "je déclare pouvoir engager.")
        for rank, (party, structure, person) in enumerate(people))
    return replace(CertificateData(
        reference=data.reference, version=data.version, network=data.network, content_hash=content_hash(data),
        issued_hash="a1" * 32, issued_at=sent, completed_at=sent + timedelta(days=6), proofs=proofs,
        seal_owner="Sceau Réseau Exemple", seal_fingerprint="b2" * 32, verification_code="7K2M-9QXA",
        verification_url="https://reseau.example/verifier/7K2M-9QXA"), **changes)  # type: ignore[arg-type]


ATTESTATION = AttestationData(
    to=TO_COMPANION,
    reference="IMM-2027-0007",
    network=NETWORK,
    companion="Noa Fictif",
    companion_job="médiateur numérique",
    companion_structure="Structure Exemple B",
    host="Structure Exemple C",
    host_place="3 place du Modèle, 30200 Bagnols-sur-Cèze",
    tutor="Ariel Modèle, conseiller numérique",
    days=(date(2027, 2, 2), date(2027, 2, 9)),
    minutes=14 * 60,
    activities=("Animation d’un atelier collectif de dix personnes", "Accueil individuel sans rendez-vous",
                "Diagnostic des compétences numériques"),
    issued_on=date(2027, 2, 12),
    signed_by="Maxime Coordination",
    signed_as="coordination du réseau",
    verification_code="4H8T-2WMB",
    verification_url="https://reseau.example/verifier/4H8T-2WMB",
)

SHEET = SheetData(
    "IMM-2027-0014", NETWORK, "Lou Exemple", "Découvrir un métier ou un secteur d’activité",
    ("Voir une permanence", "Voir un atelier collectif"), date(2027, 1, 12), tasks="Accueil et orientation.",
    host="Structure Exemple C", tutor="Ariel Modèle", tutor_quality="conseiller numérique", first_on=date(2027, 2, 1),
    last_on=date(2027, 2, 5), days=5, hours=35, prescriber="Mission locale")

PROTOCOLE = ProtocoleData(
    reference="MENT-2027-0001", version=1, network=NETWORK,
    newcomer=Side("Lou Exemple", "conseillère numérique", "Structure Exemple B"),
    mentor=Side("Dominique Essai", "médiateur numérique", "Structure Exemple A"),
    objectives=("Préparer et animer mes premiers ateliers", "Poser des limites avec le public",
                "Connaître les partenaires du secteur"),
    rhythm="Deux fois par mois", ways=("Par téléphone", "en se voyant"), length="Six mois", starts_on=date(2027, 2, 1),
    ends_on=date(2027, 7, 31), checkpoints=(date(2027, 3, 1), date(2027, 5, 3), date(2027, 7, 30)),
    employer="Structure Exemple B",
    written_on=date(2027, 1, 20))
AGREED_PROTOCOLE = replace(PROTOCOLE, agreements=(
    Agreed("Lou Exemple", "personne accompagnée", datetime(2027, 1, 20, 9, 30, tzinfo=UTC)),
    Agreed("Dominique Essai", "mentor, mentore", datetime(2027, 1, 21, 17, 5, tzinfo=UTC)),
    Agreed("Maxime Coordination", "réseau", datetime(2027, 1, 22, 8, tzinfo=UTC))))
