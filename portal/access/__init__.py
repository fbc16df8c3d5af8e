"""Who may do what, as every app asks it: levels, collèges, features, a person's access to a site.

The apps register their features here and ask here; the matrix that answers is `delegations`.
"""
