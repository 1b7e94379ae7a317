"""The instrument as the sheets of one workbook: what stands on each, and how it becomes the text files and back."""
