"""The follow-up of a round: who owes what, by when, what a later return changed, and what to do next."""
