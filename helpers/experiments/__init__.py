"""Survey experiments: instrument, assignment, estimation, power."""
