"""What the content of an OpenDocument spreadsheet (.ods) holds beside its values."""
