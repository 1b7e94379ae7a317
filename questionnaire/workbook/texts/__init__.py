"""The texts and code lists of a workbook, in every language, and where they stand."""
