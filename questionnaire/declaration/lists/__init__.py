"""Declares lists and tables: their columns, lines, dimensions, series and totals, and how a folder designs them."""
