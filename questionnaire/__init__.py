"""The declaration of an instrument: indicators, answer types, code lists, rules and their texts."""
