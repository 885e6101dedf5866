"""The database: one way to read, one way to write, and the migrations that shape it."""
