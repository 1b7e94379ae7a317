"""The second part of the way back: what one file received says, cell by cell; nothing here makes a table."""
