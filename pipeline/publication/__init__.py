"""What a run makes: tables, workbook, gate, Data Docs, and how they are put in place."""
