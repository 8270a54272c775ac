"""The bank: one module `lesson_<nn>` for each lesson, which defines `EXERCISES`, a tuple of `Exercise`.

Anyone may read it; it is for learning. Only `helpers.exercises.judge` imports it.
"""
