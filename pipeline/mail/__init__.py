"""Sends the letters of a round as e-mail, or writes them as drafts: to whom, with what, each once."""
