"""Writes an instrument as one workbook, in which a secretariat edits it: the design workbook."""
