"""The formats in which tables are published beside Parquet: CSV, SDMX, Stata, SPSS, workbooks, metadata."""
