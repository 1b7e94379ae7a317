"""The desk page: one page for the secretariat, offline, on how every respondent stands and what to do."""
