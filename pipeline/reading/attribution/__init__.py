"""Whose a return is, and what proves or contradicts it."""
