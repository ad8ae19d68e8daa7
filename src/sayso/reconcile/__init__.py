"""Which claims report one event: what is compared, who meets whom, how alike and why, and what belongs together."""
