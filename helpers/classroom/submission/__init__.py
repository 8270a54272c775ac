"""Handing in: try a notebook as the grader will, and pack it into one file with a receipt.

The idea: what would go wrong at the grader's desk is told before the deadline, by the grader's own runner. It has no
exercise and no right answer, so it says which answers are *there*, never whether they are right.

* `archive` is the file that is handed in: its format, a writer, and a reader that checks every hash;
* `trial` runs the notebook from the top and says what was found, and where it stops;
* `command` finds the student's notebook, does both and prints the receipt.
"""
