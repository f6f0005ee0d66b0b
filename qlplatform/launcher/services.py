"""PostgreSQL and Redis for whoever needs them: `with running_services() as services: …`.

The last one out turns off the lights: every user holds `var/services.lock` together with the others and, when
leaving, tries to hold it alone; who succeeds was the last and stops the servers. A killed user leaves no
lock, only servers that still run, and the next user adopts them. Starting and leaving happen under
`var/services.start`, one at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from qlplatform.launcher import postgres, redis, roles
from qlplatform.launcher.locks import locked, share, take_alone
from qlplatform.launcher.places import var
from qlplatform.launcher.secret_files import recall, remember
from qlplatform.settings import reading


@dataclass(frozen=True, slots=True)
class Services:
    """Addresses. `app` is for pages (row-level security holds), `service` for the other roles, `database`
    owns.
    """

    database_url: str
    app_database_url: str
    service_database_url: str
    redis_url: str

    def role_urls(self) -> dict[str, str]:
        """Addresses of the app roles, for tests that connect as them; none where there is one role."""
        if self.one_role:
            return {}
        return {
            "QL_APP_DATABASE_URL": self.app_database_url,
            "QL_SERVICE_DATABASE_URL": self.service_database_url,
        }

    @property
    def one_role(self) -> bool:
        """Whether everything connects as the owner, because the app roles could not be made."""
        return self.app_database_url == self.database_url


@contextmanager
def running_services(*, make_roles: bool = False) -> Iterator[Services]:
    """The servers named by `DATABASE_URL` and `REDIS_URL`, or the bundled ones, running until everybody has
    left.

    `make_roles` tries to make the app roles on a server named by `DATABASE_URL`; a bundled one always has
    them.
    """
    if reading.text("DATABASE_URL", "") and reading.text("REDIS_URL", ""):
        yield _services(make_roles)
        return
    with var("services.lock").open("a+") as users:
        with locked(var("services.start")):
            share(users)
            services = _services(make_roles)
            if recall("addresses.json") != asdict(services):
                remember("addresses.json", asdict(services))
        try:
            yield services
        finally:
            with locked(var("services.start")):
                if take_alone(users):
                    redis.stop()
                    postgres.stop()


def revive() -> list[str]:
    """Start a bundled server again that has ended while we use it, at its old address; tells which."""
    bundled = {"DATABASE_URL": ("PostgreSQL", postgres), "REDIS_URL": ("Redis", redis)}
    ours = [server for name, server in bundled.items() if not reading.text(name, "")]
    dead = [(title, server) for title, server in ours if server.process() is None]
    for _, server in dead:
        with locked(var("services.start")):
            server.start()
    return [title for title, _ in dead]


def _services(make_roles: bool) -> Services:
    given = reading.text("DATABASE_URL", "")
    owner = given or roles.owner_url(postgres.start())
    made = _given_app_urls() or (roles.app_urls(owner) if make_roles or not given else None)
    made = made or dict.fromkeys(roles.APP_ROLES, owner)
    return Services(
        database_url=owner,
        app_database_url=made["ql_app"],
        service_database_url=made["ql_service"],
        redis_url=reading.text("REDIS_URL", "") or redis.start(),
    )


def _given_app_urls() -> dict[str, str] | None:
    app, service = reading.text("QL_APP_DATABASE_URL", ""), reading.text("QL_SERVICE_DATABASE_URL", "")
    return {"ql_app": app, "ql_service": service} if app and service else None
