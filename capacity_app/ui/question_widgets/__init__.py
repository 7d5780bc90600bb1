"""What questions are made of on any page: editors, cards, the table of a grid, and what was said before."""
