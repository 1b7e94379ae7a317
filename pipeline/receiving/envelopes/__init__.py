"""What files come in: mails and archives, opened one by one in a child process."""
