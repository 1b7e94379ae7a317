"""The first part of the return pipeline: what came in, kept and distinguished; nothing here knows a questionnaire."""
