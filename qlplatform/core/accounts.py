"""How django-allauth works here: e-mail addresses sign in, and who signs up gets a workspace of his own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import BaseSignupForm
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from qlplatform.core import audit
from qlplatform.core.actors import actor_of
from qlplatform.core.models import User
from qlplatform.core.services import workspace_create
from qlplatform.core.tenancy import Actor


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Named in `ACCOUNT_ADAPTER`."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(getattr(settings, "QL_SIGNUP", True))

    def save_user(self, request: HttpRequest, user: User, form: BaseSignupForm, commit: bool = True) -> User:
        """Save the new user and, in the same transaction, his workspace with him as owner."""
        with transaction.atomic():
            user = super().save_user(request, user, form, commit=commit)
            if commit:
                workspace_create(name=f"{user.email.partition('@')[0]}'s workspace", owner=user)
        return user


@receiver(user_logged_in, dispatch_uid="audit_signed_in")
def audit_signed_in(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    by = replace(actor_of(request), label=user.email, user_id=user.pk)
    audit.record("user.signed_in", by=by, target=user, text=f"{user.email} signed in.")


@receiver(user_logged_out, dispatch_uid="audit_signed_out")
def audit_signed_out(sender: Any, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        audit.record("user.signed_out", by=actor_of(request), target=user, text=f"{user.email} signed out.")


@receiver(user_login_failed, dispatch_uid="audit_sign_in_failed")
def audit_sign_in_failed(sender: Any, credentials: dict[str, Any], **kwargs: Any) -> None:
    """The address tried is kept, never the password."""
    request: HttpRequest | None = kwargs.get("request")
    tried = str(credentials.get("email") or credentials.get("username") or "")
    by = Actor(label="anonymous", via="web", ip=request.META.get("REMOTE_ADDR", "") if request else "")
    audit.record("user.sign_in_failed", by=by, text=tried)
