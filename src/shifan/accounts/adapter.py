"""How sign-in behaves here: accounts are given, not taken."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedSignUp(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up alone; units and offices invite."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
