"""Declares the error of a machine on which no child process can read: no file is to blame, and nothing is published."""


class IsolationError(Exception):
    """Children cannot work here, whatever they are given; the text says why, in English."""
