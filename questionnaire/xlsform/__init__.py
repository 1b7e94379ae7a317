"""The questionnaire as an XLSForm, for those who collect by telephone or on the web."""
