"""The second part of the return pipeline: what one file received says, cell by cell; nothing here makes a table."""
