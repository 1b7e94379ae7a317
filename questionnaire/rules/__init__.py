"""Rules: conditions as data, their text form, their meaning, and the checks that are made of them."""
