"""`python -m helpers` is the `course` command."""

from helpers.cli import main

main()
