"""The return pipeline: receive, tidy, validate, consolidate, publish."""
