"""/composants/: every part of the look in each of its states, for who builds the next page. Embedded only."""
