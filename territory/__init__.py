"""Communes, EPCI and distances; working days, Paris time and French dates. Imports nothing else of the project."""
