"""The published tables: what each is called, its columns and what they mean, before anything is written."""
