"""The first part of the way back: what came in, kept and distinguished; nothing here knows a questionnaire."""
