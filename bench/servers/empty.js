// Nothing: what it takes to start and end.
