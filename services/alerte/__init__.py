"""Alerts: another trust zone. What a person in difficulty writes is sealed before anything is stored, for the referents who
may read it and nobody else (docs/decisions, "Alerts are sealed"). Nothing here touches dossiers, the journal or the outbox."""
