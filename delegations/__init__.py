"""Who may do what on a site: the matrix, the delegations, and the answers given to every page."""
