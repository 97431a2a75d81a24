"""Users, roles, offices, sessions and sign-in."""
