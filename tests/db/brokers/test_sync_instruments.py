"""The daily sync against a server on the loopback: what comes, what does not, and what is told about it."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django_celery_beat.models import PeriodicTask

from brokers.masters.catalogue import master_files
from brokers.masters.download import Limits
from brokers.models import InstrumentAlias
from brokers.services import Synced, master_sync
from brokers.tasks import sync_instruments
from execution.seeding import seed_execution
from markets.models import Instrument, MasterImport
from qlplatform.core.clock import frozen
from qlplatform.core.tenancy import Actor
from tests.factories.broker_masters import KITE, KITE_CALL, KITE_FUTURE, MASTERS, csv

pytestmark = pytest.mark.django_db
BY = Actor.system("test")
FRIDAY = datetime(2026, 11, 20, 2, 45, tzinfo=UTC)
QUICK = Limits(timeout_s=0.2, deadline_s=5, largest=10_000, attempts=2, pause_s=0)


@dataclass
class Server:
    """Answers with what is next in `answers`, then with the last one again: status, headers, body."""

    url: str = ""
    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    hold: threading.Event = field(default_factory=threading.Event)

    def will(self, *answers: tuple[int, dict[str, str], bytes]) -> None:
        self.answers[:] = answers

    def next(self) -> tuple[int, dict[str, str], bytes]:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append((self.path, dict(self.headers)))
            status, headers, body = server.next()
            if status == 0:  # says nothing
                server.hold.wait(5)
                return
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(body))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    return Handler


@pytest.fixture
def server(settings: LazySettings, tmp_path: Path) -> Iterator[Server]:
    serving = Server()
    http = ThreadingHTTPServer(("127.0.0.1", 0), handler(serving))
    serving.url = settings.QL_MASTER_MIRROR = f"http://127.0.0.1:{http.server_port}/mirror"
    settings.VAR_DIR = tmp_path
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    with frozen(FRIDAY):
        yield serving
    serving.hold.set()
    http.shutdown()
    thread.join()
    http.server_close()


def sync(name: str = "kite") -> Synced:
    return master_sync(file=master_files()[name], by=BY, limits=QUICK)


def ok(body: bytes = MASTERS["kite"], **headers: str) -> tuple[int, dict[str, str], bytes]:
    return 200, {name.replace("_", "-"): value for name, value in headers.items()}, body


def newest() -> MasterImport:
    return MasterImport.objects.latest("pk")


def test_a_master_is_fetched_and_imported_as_that_of_today(server: Server, tmp_path: Path) -> None:
    server.will(ok())
    assert sync() == Synced("kite", "imported", "kite 2026-11-20: 4 rows, 4 added")
    assert (newest().day, newest().kept_as) == (date(2026, 11, 20), "masters/kite/2026-11-20.zst")
    assert InstrumentAlias.objects.filter(broker="kite").count() == 4
    assert [path for path, _ in server.asked] == ["/mirror/kite/instruments"]
    assert not list(tmp_path.glob("masters/kite/incoming-*"))


def test_a_packed_answer_is_unpacked(server: Server) -> None:
    server.will(ok(gzip.compress(MASTERS["kite"]), Content_Encoding="gzip"))
    assert sync().state == "imported"
    assert newest().file_name == "instruments.gz"


def test_only_another_edition_is_asked_for(server: Server) -> None:
    server.will(ok(ETag='"1"', Last_Modified="Fri, 20 Nov 2026 02:30:00 GMT"), (304, {}, b""))
    assert [sync().state, sync().state] == ["imported", "unchanged"]
    conditions = {"If-None-Match": '"1"', "If-Modified-Since": "Fri, 20 Nov 2026 02:30:00 GMT"}
    assert conditions.items() <= server.asked[1][1].items()
    assert not conditions.keys() & server.asked[0][1].keys()


def test_the_file_of_yesterday_under_another_stamp_is_not_that_of_today(server: Server) -> None:
    server.will(ok(ETag="1"), ok(ETag="2"))
    sync()
    with frozen(datetime(2026, 11, 23, 2, 45, tzinfo=UTC)):
        assert sync() == Synced("kite", "unchanged", "kite: still the file of 2026-11-20")
    assert MasterImport.objects.count() == 1


def test_a_hiccup_is_tried_again(server: Server) -> None:
    server.will((503, {}, b""), ok())
    assert sync().state == "imported"


@pytest.mark.parametrize(
    ("answers", "words", "tries"),
    [
        ([(404, {}, b"")], "the server answered 404", 1),
        ([(503, {}, b"")], "the server answered 503", 2),
        ([(429, {}, b"")], "the server answered 429", 2),
        ([(0, {}, b"")], "timed out", 2),
        ([(200, {"Content-Length": "900"}, b"half")], "4 of 900 bytes came", 2),
        ([ok(b"x" * 10_001)], "is larger than 10000 bytes", 1),
    ],
)
def test_a_master_that_cannot_be_had_is_told(
    server: Server, answers: list[tuple[int, dict[str, str], bytes]], words: str, tries: int
) -> None:
    server.will(*answers)
    result = sync()
    assert (result.state, len(server.asked)) == ("failed", tries)
    assert words in result.message
    assert (newest().state, newest().day, newest().message) == ("failed", date(2026, 11, 20), result.message)


def test_nobody_there_is_told(server: Server, settings: LazySettings) -> None:
    settings.QL_MASTER_MIRROR = "http://127.0.0.1:9"
    assert sync().state == "failed"
    assert "Connection refused" in newest().message


@pytest.mark.parametrize(
    "answer",
    [
        ok(b"<html>Down for maintenance</html>"),
        ok(csv(KITE, KITE_CALL.replace("25400.0", "2540000.0"))),
        ok(gzip.compress(MASTERS["kite"])[:-30], Content_Encoding="gzip"),
    ],
)
def test_a_master_that_cannot_be_used_leaves_yesterdays_in_force(server: Server, answer: Any) -> None:
    server.will(ok(), answer)
    sync()
    with frozen(datetime(2026, 11, 23, 2, 45, tzinfo=UTC)):
        assert sync().state == "failed"
    assert MasterImport.objects.filter(state="failed").count() == 1
    assert (newest().state, newest().message != "") == ("failed", True)
    assert Instrument.objects.filter(last_seen=date(2026, 11, 20)).count() == 4


def test_a_file_that_was_refused_is_fetched_again(server: Server) -> None:
    server.will(ok(b"<html>", ETag="1"), ok(ETag="1"))
    assert [sync().state, sync().state] == ["failed", "imported"]
    assert "If-None-Match" not in server.asked[1][1]


def test_a_failure_is_a_data_alert(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    server.will((404, {}, b""))
    sync()
    assert "master_failed" in caplog.text


def test_one_broker_that_fails_stops_no_other(server: Server, settings: LazySettings) -> None:
    settings.QL_MASTER_DOWNLOADS = ["kite", "dhan"]
    server.will((404, {}, b""), ok(MASTERS["dhan"]))
    assert sync_instruments() == {"kite": "failed", "dhan": "imported"}


def test_nothing_leaves_the_machine_unless_it_is_set_up(server: Server, settings: LazySettings) -> None:
    assert settings.QL_MASTER_DOWNLOADS == []
    assert sync_instruments() == {}
    assert server.asked == []


def test_beat_syncs_before_the_open() -> None:
    seed_execution()
    rows = PeriodicTask.objects.filter(task="brokers.sync_instruments").order_by("pk")
    plan = [(row.queue, row.crontab.hour, row.crontab.minute, str(row.crontab.timezone)) for row in rows]
    assert plan == [("default", "8", "15", "Asia/Kolkata"), ("default", "8", "45", "Asia/Kolkata")]


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    def run(*args: str) -> str:
        call_command("sync_instruments", *args)
        return capsys.readouterr().out

    return run


def test_the_command_fetches_what_is_set_up(
    server: Server, settings: LazySettings, told: Callable[..., str]
) -> None:
    settings.QL_MASTER_DOWNLOADS = ["kite", "shoonya"]
    server.will(ok())
    assert told("--broker", "kite") == "imported: kite 2026-11-20: 4 rows, 4 added\n"
    server.will((404, {}, b""))
    with pytest.raises(CommandError, match="Not all masters") as raised:
        told("--broker", "shoonya_nfo")
    assert raised.value.returncode == 2


def test_the_command_without_anything_set_up(server: Server, told: Callable[..., str]) -> None:
    assert told() == "QL_MASTER_DOWNLOADS lists no broker: nothing to fetch.\n"
    with pytest.raises(CommandError, match="QL_MASTER_DOWNLOADS does not list kite"):
        told("--broker", "kite")
    assert server.asked == []


def test_the_command_imports_a_file(server: Server, tmp_path: Path, told: Callable[..., str]) -> None:
    path = tmp_path / "instruments.csv"
    path.write_bytes(csv(KITE, KITE_CALL, KITE_FUTURE))
    said = told("--broker", "kite", "--from-file", str(path), "--day", "2026-11-19")
    assert said == "Imported kite 2026-11-19: 2 rows, 2 added\n"


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--broker", "nobody"], "no broker or file “nobody”"),
        (["--from-file", "x"], "--from-file needs --broker with one of: kite, angelone"),
        (
            ["--from-file", "x", "--broker", "shoonya"],
            "one of: shoonya_nse, shoonya_bse, shoonya_nfo, shoonya_bfo",
        ),
        (["--from-file", "/nowhere", "--broker", "kite"], "cannot be read"),
        (["--from-file", "x", "--broker", "kite", "--day", "soon"], "--day takes a day"),
        (["--day", "2026-11-19"], "--day goes with --from-file"),
    ],
)
def test_the_command_says_what_is_wrong(server: Server, args: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("sync_instruments", *args)
