"""From submissions to regional tables, in groups of respondents: what each gives, kept, and what all give together."""
