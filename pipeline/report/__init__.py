"""Writes the regional report: a page per language, of the published tables of an edition and nothing else."""
