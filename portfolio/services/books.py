"""Books: where fills are booked."""

from __future__ import annotations

from django.db import transaction

from brokers.models import BrokerAccount
from portfolio.models import Book
from qlplatform.core.errors import UserError


def book_for_account(account: BrokerAccount) -> Book:
    """The root book of an account, made when first asked for."""
    book, _ = Book.objects.get_or_create(
        account=account,
        kind=Book.Kind.ACCOUNT,
        defaults={"workspace_id": account.workspace_id, "name": account.name},
    )
    return book


def book_create_basket(*, account: BrokerAccount, name: str) -> Book:
    """A book for what a basket trades on an account, below the account's root."""
    return Book.objects.create(
        workspace_id=account.workspace_id,
        account=account,
        kind=Book.Kind.BASKET,
        parent=book_for_account(account),
        name=name[:120],
    )


@transaction.atomic
def book_create_deployment(*, account: BrokerAccount, name: str, parent: Book | None = None) -> Book:
    """A book for a deployment, below `parent` (a basket's book) or directly below the account's root.

    Raises UserError `wrong_account` when the parent is a book of another account.
    """
    parent = parent or book_for_account(account)
    if parent.account_id != account.pk:
        raise UserError("The basket's book belongs to another account.", code="wrong_account")
    return Book.objects.create(
        workspace_id=account.workspace_id,
        account=account,
        kind=Book.Kind.DEPLOYMENT,
        parent=parent,
        name=name[:120],
    )
