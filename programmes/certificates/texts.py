"""The words a Durchgang begins with."""

from programmes.certificates.models import CertificateKind

HEADINGS = {
    CertificateKind.ATTENDANCE: "Teilnahmebestätigung",
    CertificateKind.CERTIFICATE: "Zertifikat",
}

TEXTS = {
    CertificateKind.ATTENDANCE: """{anrede} {name}

{kommune}

hat am Programm „{programm}“ ({durchgang}, {zeitraum}) als {rolle} teilgenommen und dabei \
{anzahl} besucht.

„{programm}“ ist ein gemeinsames Programm der beteiligten Kommunen zur Förderung von \
Beschäftigten im öffentlichen Dienst.""",
    CertificateKind.CERTIFICATE: """{anrede} {name}

{kommune}

hat das Programm „{programm}“ ({durchgang}, {zeitraum}) als {rolle} mitgestaltet und mit Erfolg \
abgeschlossen.

Das gemeinsame Programm der beteiligten Kommunen verbindet persönliche Weiterentwicklung mit \
Veranstaltungen zu Führung, Zusammenarbeit und beruflicher Orientierung über die Grenzen des \
eigenen Hauses hinaus.

Die beteiligten Kommunen danken für das Engagement und wünschen für den weiteren beruflichen Weg \
alles Gute.""",
}

EVENTS_AT_LEAST = {CertificateKind.ATTENDANCE: 1, CertificateKind.CERTIFICATE: 2}
"""Changed by each Durchgang as its Beirat thinks right."""
