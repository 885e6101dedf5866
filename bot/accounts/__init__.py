"""Who may do what: operators, their sessions and roles, and the tokens visitors carry."""
