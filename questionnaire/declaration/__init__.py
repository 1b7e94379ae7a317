"""The declaration: what is asked, how it is answered, and the folder it is read from."""
