"""Users, their workspaces and their API keys."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models

from qlplatform.core.ids import PublicIdField
from qlplatform.core.tenancy import Role, WorkspaceOwned


class UserManager(BaseUserManager["User"]):
    """People sign in by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)


class User(AbstractUser):
    """A person. The look of his pages is stored here so that the server can set it without a flash."""

    class Theme(models.TextChoices):
        SYSTEM = "system"
        DARK = "dark"
        LIGHT = "light"

    class Palette(models.TextChoices):
        STANDARD = "standard"
        COLOUR_BLIND = "blue-orange", "Colour-blind safe"

    username = None  # type: ignore[assignment]
    email = models.EmailField("e-mail address", unique=True)
    theme = models.CharField(max_length=12, choices=Theme.choices, default=Theme.SYSTEM)
    palette = models.CharField(max_length=12, choices=Palette.choices, default=Palette.STANDARD)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()  # type: ignore[misc,assignment]

    def __str__(self) -> str:
        return self.email


class Workspace(models.Model):
    """A person, a family or a small fund; owns everything its members trade."""

    class DeploymentMode(models.TextChoices):
        PERSONAL = "personal"
        FAMILY = "family"
        BROKER_HOSTED = "broker_hosted"
        PAPER_ONLY = "paper_only"

    public_id = PublicIdField("wsp")
    name = models.CharField(max_length=80)
    deployment_mode = models.CharField(
        max_length=16, choices=DeploymentMode.choices, default=DeploymentMode.PERSONAL
    )
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's role in a workspace."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.VIEWER)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "user"], name="membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.role} of {self.workspace}"


class ApiKey(WorkspaceOwned):
    """A named key for the API. Only its hash is stored; the key itself is shown once."""

    public_id = PublicIdField("key")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=16)
    key_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "API key"

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
