"""The coordinators' day: what waits and who holds it, several requests at once, absences, the morning letter, a departure."""
