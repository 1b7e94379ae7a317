"""The dataset of the previous round, as answers to the questions of this one."""
