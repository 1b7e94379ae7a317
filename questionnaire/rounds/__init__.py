"""Rounds: one collection, its frame, its parts, the identity of its questionnaires, and the round before it."""
