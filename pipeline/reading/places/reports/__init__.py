"""What is reported of a workbook as a form: what is gone of it, came in, or was moved."""
