"""From submissions to regional tables: validation, verdicts, consolidation."""
