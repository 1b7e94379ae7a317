"""The formulas of a workbook: what a cell is taken for, which rules it breaks, what is counted."""
