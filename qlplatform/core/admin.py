"""Admin of people and of what the platform recorded. Secrets are never shown."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from qlplatform.core import audit
from qlplatform.core.actors import staff_actor
from qlplatform.core.errors import UserError
from qlplatform.core.history_admin import HistoryAdmin
from qlplatform.core.models import ApiKey, AuditEntry, Membership, OutboxEvent, User, Workspace
from qlplatform.core.services import api_key_revoke, membership_set


class NewUserForm(UserCreationForm):  # type: ignore[misc]  # unfold ships no types
    """People sign in by e-mail address; there is no user name."""

    class Meta:
        model = User
        fields = ("email",)


class ChangedUserForm(UserChangeForm):  # type: ignore[misc]
    class Meta:
        model = User
        fields = "__all__"  # noqa: DJ007  the fieldsets below choose


@admin.register(User)
class UserAdmin(DjangoUserAdmin, ModelAdmin):  # type: ignore[misc,type-arg]
    form = ChangedUserForm
    add_form = NewUserForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("email", "first_name", "is_staff", "is_active", "last_login")
    list_filter = ("is_staff", "is_active", "groups")
    search_fields = ("email", "first_name", "last_name")
    ordering = ("email",)
    list_per_page = 25
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "theme", "palette")}),
        ("Rights", {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("email", "usable_password", "password1", "password2")}),
    )

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        verb = "changed" if change else "created"
        audit.record(f"user.{verb}", by=staff_actor(request), target=obj, after={"fields": form.changed_data})

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """History names people for ever; who leaves is made inactive."""
        return False


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, ModelAdmin):  # type: ignore[misc]
    """Platform roles."""


class MembershipInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Membership
    extra = 0
    can_delete = False
    fields = readonly_fields = ("user", "role")
    max_num = 0


@admin.register(Workspace)
class WorkspaceAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("name", "deployment_mode", "created_at", "public_id")
    search_fields = ("name", "public_id", "memberships__user__email")
    list_per_page = 25
    readonly_fields = ("public_id", "created_at")
    inlines: ClassVar = [MembershipInline]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A workspace is made with its owner, at sign-up."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Workspace, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        before = {name: form.initial.get(name) for name in form.changed_data}
        after = {name: form.cleaned_data[name] for name in form.changed_data}
        audit.record(
            "workspace.changed",
            by=staff_actor(request),
            target=obj,
            workspace_id=obj.pk,
            before=before,
            after=after,
        )


@admin.register(Membership)
class MembershipAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("user", "workspace", "role")
    list_filter = ("role",)
    list_select_related = ("user", "workspace")
    autocomplete_fields = ("user", "workspace")
    search_fields = ("user__email", "workspace__name")
    list_per_page = 25

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("user", "workspace") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        try:
            saved = membership_set(
                workspace=obj.workspace, user=obj.user, role=obj.role, by=staff_actor(request)
            )
        except UserError as error:
            self.message_user(request, error.message, messages.ERROR)
        else:
            obj.pk = saved.pk


@admin.register(ApiKey)
class ApiKeyAdmin(HistoryAdmin):
    """The hash is not shown either; operators can only end a key."""

    list_display = ("name", "prefix", "user", "workspace", "last_used_at", "revoked_at")
    list_select_related = ("user", "workspace")
    search_fields = ("name", "prefix", "user__email")
    exclude = ("key_hash",)
    actions = ("revoke",)

    @admin.action(description="Revoke the chosen keys")
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        for api_key in queryset:
            api_key_revoke(actor=staff_actor(request), api_key=api_key)
        self.message_user(request, "The chosen keys no longer work.")


@admin.register(AuditEntry)
class AuditEntryAdmin(HistoryAdmin):
    list_display = ("at", "action", "actor", "via", "target_type", "text", "workspace")
    list_select_related = ("workspace",)
    list_filter = ("via", "action")
    search_fields = ("actor", "action", "target_id", "text", "request_id")
    ordering = ("-pk",)


@admin.register(OutboxEvent)
class OutboxEventAdmin(HistoryAdmin):
    list_display = ("public_id", "type", "workspace", "account", "mode", "created_at", "relayed_at")
    list_select_related = ("workspace",)
    list_filter = ("mode", "type")
    search_fields = ("public_id", "type", "account")
    ordering = ("-pk",)
