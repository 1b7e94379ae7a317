"""Rounds: one collection, its frame, its parts, the identity of its questionnaires, and the previous round it."""
