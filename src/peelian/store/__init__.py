"""The only room that knows SQL, Parquet or DuckDB: the ledger of events and the records beside it."""
