"""Who works with a ledger at its desk: accounts, what each did, and the searches they keep."""
