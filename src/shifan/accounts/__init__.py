"""Users, roles and scopes; policy.py alone decides who may do what."""
