"""The answers of the previous round in the workbook of one respondent."""
