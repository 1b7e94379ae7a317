"""The command `acopio`: one thin command per step, which parses the command line, calls one module and prints."""
