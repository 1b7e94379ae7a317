"""Makes one submission of what a respondent's files and people's decisions say, and judges each file by it."""
