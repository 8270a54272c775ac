"""Do they feel safe? Assurance, survey experiments and the Vietnam case."""
