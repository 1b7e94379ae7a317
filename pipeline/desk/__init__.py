"""The commands of the secretariat: questionnaires, check, accept, status, explain."""
