"""The only floor that speaks Dask."""
