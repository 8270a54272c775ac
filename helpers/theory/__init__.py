"""Models of assurance, commitment, burden sharing and mechanisms."""
