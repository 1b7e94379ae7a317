"""Has the work of a run done by many machines: needs the extra `acopio[dask]`, which nothing else does."""
