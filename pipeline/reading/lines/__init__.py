"""The lines of lists and tables: what each says, and what is odd about them."""
