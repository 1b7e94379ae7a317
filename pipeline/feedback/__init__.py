"""Gives returns back to be corrected: the respondent's own workbook with its answers, and what to look at in it."""
