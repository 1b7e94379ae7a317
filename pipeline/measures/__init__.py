"""The measures of a round: what a regional report says of all its answers, each with its source."""
