"""Public holidays, in a dated table that staff may correct; Alsace-Moselle has two more."""
