"""Starts a new instrument and its round from an indicator table, and tries them before anything is sent."""
