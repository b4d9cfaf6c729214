"""Who a session belongs to, with its roles."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from shifan.accounts.models import User
from shifan.people.queries import with_roles


class Backend(AuthenticationBackend):  # type: ignore[misc]  # the library is untyped
    """The library's way to sign in; a request then reads the user and its roles with one query."""

    def get_user(self, user_id: Any) -> User | None:
        user = with_roles(User.objects.filter(pk=user_id)).first()
        return user if user is not None and self.user_can_authenticate(user) else None
