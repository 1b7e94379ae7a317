"""The gate before publication: what is observed in the tables, how it is judged, and the pages that say so."""
