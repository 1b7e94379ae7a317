"""Brings returns from a mailbox into the folder of returns; nothing in the mailbox is changed."""
