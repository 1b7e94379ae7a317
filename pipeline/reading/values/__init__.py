"""The values: what is typed in a cell, read as a number, a day, a choice, or a reason for no answer."""
