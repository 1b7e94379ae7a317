"""The places: where each question of the form went in a workbook, and what else was done to it."""
