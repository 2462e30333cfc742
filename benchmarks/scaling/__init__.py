"""The same project on two engines: whether it gives the same tables, and what each costs."""
