"""Validates answers: those of many returns at once, or of one; what is wrong is a finding with its cell."""
