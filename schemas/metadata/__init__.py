"""What other programs read about the tables: a file each, derived from the declaration alone."""
