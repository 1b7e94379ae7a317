"""The first part of the way back: what came in, kept and told apart; nothing here knows a questionnaire."""
