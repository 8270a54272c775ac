"""What labs, quizzes and marking share: one widget, the base of every lab, question cards, and the student's files."""
