"""Schemas derived from a questionnaire, one derivation per module; none knows another."""
