"""The Vietnam case: evidence, predictions, coding, process tracing."""
