"""Reading an indicator table, the source document of an instrument; `reader` is the way in."""
