"""What the content of an OpenDocument spreadsheet (.ods) tells beside its values."""
