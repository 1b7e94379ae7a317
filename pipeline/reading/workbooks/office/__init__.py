"""Office packages: how their parts are found, and what sheets in XML (.xlsx, .xlsm) and in records (.xlsb) tell."""
