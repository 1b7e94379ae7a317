"""Makes the published tables, in one DuckDB file, of the answers and the declaration."""
