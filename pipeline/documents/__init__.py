"""Opening the documents that indicator tables come in: what a file holds, as grids of cells and lines of text."""
