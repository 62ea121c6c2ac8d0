"""Who speaks: bodies, people, the roles they held from one day to another, and whom to ring."""
