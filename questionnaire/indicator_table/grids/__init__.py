"""Understanding grids of cells as indicator tables: which column is what, then what each row says."""
