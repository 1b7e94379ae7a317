"""The return journey: receive, tidy, validate, consolidate, publish."""
