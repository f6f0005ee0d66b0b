"""Under which account PostgreSQL runs (it refuses root), and where that account can reach its files."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qlplatform.launcher.errors import LauncherError
from qlplatform.launcher.places import installation_id, var

SYSTEM_HOME = Path("/var/lib/qlplatform")


@dataclass(frozen=True, slots=True)
class ServerAccount:
    """`uid` is None when the server simply runs as the person who starts it."""

    uid: int | None = None
    gid: int | None = None

    def popen(self) -> dict[str, Any]:
        """Arguments for `subprocess` that drop to this account."""
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give `path` to this account."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def can_reach(self, path: Path) -> bool:
        """Whether this account gets through every directory above `path`."""
        if self.uid is None:
            return True
        above = [parent for parent in path.resolve().parents if parent.exists()]
        return all(
            parent.stat().st_mode & stat.S_IXOTH or parent.stat().st_uid == self.uid for parent in above
        )

    def home(self) -> Path:
        """A directory for server data: in var/ when this account can reach it, else below /var/lib."""
        inside = var("postgres")
        folder = inside if self.can_reach(inside) else SYSTEM_HOME / installation_id()
        folder.mkdir(parents=True, exist_ok=True)
        if self.uid is not None:
            for made in (folder, *([SYSTEM_HOME] if SYSTEM_HOME in folder.parents else [])):
                made.chmod(0o755)
        return folder


def server_account() -> ServerAccount:
    """`postgres` or `nobody` for root, otherwise the account that runs us."""
    if os.geteuid() != 0:
        return ServerAccount()
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return ServerAccount(entry.pw_uid, entry.pw_gid)
    raise LauncherError(
        "PostgreSQL does not run as root and there is no account “postgres” or “nobody” here. "
        "Add one (“useradd --system postgres”), or start as an ordinary user."
    )


def reachable_bin(account: ServerAccount, folder: Path) -> Path:
    """`folder` (package/pginstall/bin), or the same in a copy of the package that `account` can run."""
    if account.can_reach(folder / "postgres"):
        return folder
    package = folder.parents[1]
    program = (folder / "postgres").stat()
    copy = SYSTEM_HOME / f"postgresql-{program.st_size:x}-{program.st_mtime_ns:x}"
    if not copy.exists():
        half = copy.with_name(f"{copy.name}.{os.getpid()}")
        for part in (
            package,
            package.with_name(f"{package.name}.libs"),
        ):  # where they look
            if part.exists():
                shutil.copytree(part, half / part.name, symlinks=True)
        for path in (SYSTEM_HOME, half):
            path.chmod(0o755)
        half.rename(copy)
    return copy / folder.relative_to(package.parent)
