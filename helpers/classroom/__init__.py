"""For instructors and maintainers: build the lessons, hand them out, prove that they run.

No lesson imports this package.
"""
