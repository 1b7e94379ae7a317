"""Takes a design workbook that was edited back into the text files of the instrument, or says all that is wrong."""
