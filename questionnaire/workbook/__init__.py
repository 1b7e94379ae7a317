"""The Excel workbook derived from a questionnaire."""
