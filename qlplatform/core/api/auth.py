"""`Authorization: Bearer ql_test_…`: signing in to the API by key."""

from __future__ import annotations

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from qlplatform.core.actors import actor_for_key
from qlplatform.core.models import ApiKey, User
from qlplatform.core.services import api_key_check

WRONG_KEY = "This API key is not known, or it has been revoked. Make a new one on the account page."


class ApiKeyAuthentication(BaseAuthentication):
    """Finds the key by its hash and puts the actor behind it on the request."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        scheme, _, plain = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        api_key = api_key_check(plain=plain.strip())
        if api_key is None:
            raise AuthenticationFailed(WRONG_KEY)
        actor_for_key(request._request, api_key)
        return api_key.user, api_key

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'
