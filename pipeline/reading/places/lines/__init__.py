"""Where the lines of lists and tables went in a workbook."""
