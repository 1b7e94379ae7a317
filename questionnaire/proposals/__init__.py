"""Proposes for each indicator of a table what to ask about it, with the reason."""
