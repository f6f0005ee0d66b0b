"""Writes of the brokers app: paper accounts, what brokers report, their masters and names."""

from brokers.services.accounts import SHARDS, account_open_paper, account_rename, shard_of
from brokers.services.aliases import aliases_upsert
from brokers.services.masters import Synced, master_sync
from brokers.services.reports import REPORTS_CHANNEL, reports_record

__all__ = [
    "REPORTS_CHANNEL",
    "SHARDS",
    "Synced",
    "account_open_paper",
    "account_rename",
    "aliases_upsert",
    "master_sync",
    "reports_record",
    "shard_of",
]
