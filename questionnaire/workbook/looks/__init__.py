"""How a workbook looks: colours, fonts, widths, heights, printed pages."""
