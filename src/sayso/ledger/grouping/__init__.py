"""Incidents worked out from claims and judgements: compared with neighbours, settled, written as they change."""
