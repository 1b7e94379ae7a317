"""Made-up returns, to try a round before it is sent: nothing here reads one."""
