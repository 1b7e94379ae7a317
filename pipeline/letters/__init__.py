"""Words the letters of a round: in the respondent's language, from the templates of the round or from our own."""
