"""Says what earlier editions of an instrument called things, and where their answers stand today."""
