"""The option chain of 200 strikes with Greeks: computing it, and asking for it over HTTP."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from http.client import HTTPConnection
from typing import Any

STRIKES = 200
REQUESTS = 400
EXPIRY = date(2025, 9, 2)
AT = datetime(2025, 8, 29, 5, 0, tzinfo=UTC)
STEP_S = 0.25
NOTE = "200 strikes x 2, IV and 7 Greeks"


def run(args: list[str]) -> Iterator[dict[str, Any]]:
    """Asks the REST API of a web server of its own, as many times as the first argument says."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qlplatform.settings.dev")
    from qlplatform.launcher.scratch import scratch  # noqa: PLC0415 - Django is set up inside, on the clone

    with scratch():
        import django  # noqa: PLC0415

        django.setup()
        yield from _measure(int(args[0]) if args else REQUESTS)


def _measure(requests: int) -> Iterator[dict[str, Any]]:
    market, headers = _market()
    contracts = _contracts()
    snapshots = [_snapshot(market.pk, contracts, seq) for seq in range(1, requests + 1)]
    yield _metric("compute_ms", _computing(snapshots), requests, f"{NOTE}: from snapshot to table, p50")
    with _server() as port:
        took, size = _asking(port, headers, snapshots)
        again, _ = _asking(port, headers, snapshots[-1:] * requests)
    note = f"{NOTE}: HTTP over loopback, API key, new prices for every request, {size // 1024} kB"
    yield _metric("api_p95_ms", _share(took, 0.95), requests, note)
    yield _metric("api_p50_ms", _share(took, 0.5), requests, note)
    yield _metric("api_same_prices_p95_ms", _share(again, 0.95), requests, f"{NOTE}: prices unchanged")


def _market() -> tuple[Any, dict[str, str]]:
    """A replay of a person with an API key, and the listed contracts."""
    from markets.models import Instrument, Market  # noqa: PLC0415
    from qlplatform.core.models import Membership, User, Workspace  # noqa: PLC0415
    from qlplatform.core.services import api_key_create  # noqa: PLC0415
    from qlplatform.core.tenancy import Actor  # noqa: PLC0415

    user = User.objects.create_user("bench@example.com")
    workspace = Workspace.objects.create(name="Bench")
    Membership.objects.create(workspace=workspace, user=user, role="owner")
    by = Actor(user.email, workspace_id=workspace.pk, role="owner", user_id=user.pk, via="web")
    _, key = api_key_create(actor=by, name="bench")
    market = Market.objects.create(
        kind="replay", workspace=workspace, underlying="NIFTY", session_date=AT.date()
    )
    Instrument.objects.bulk_create(
        Instrument(
            underlying="NIFTY", kind=kind, expiry=EXPIRY, strike_paise=strike * 100, lot_size=75,
            symbol=f"NIFTY 02 SEP {strike} {kind}",
        )
        for strike in range(19_500, 19_500 + 50 * STRIKES, 50)
        for kind in ("CE", "PE")
    )  # fmt: skip
    return market, {"Authorization": f"Bearer {key}"}


def _contracts() -> tuple[Any, Any, Any]:
    """Keys, strikes in rupees and rights (+1 call, -1 put) of the listed contracts."""
    import numpy as np  # noqa: PLC0415

    from markets.models import Instrument  # noqa: PLC0415

    rows = list(Instrument.objects.filter(underlying="NIFTY", expiry=EXPIRY).order_by("pk"))
    rights = np.array([1.0 if row.kind == "CE" else -1.0 for row in rows])
    return (
        np.array([row.pk for row in rows], dtype=np.int64),
        np.array([row.strike_paise or 0 for row in rows]) / 100,
        rights,
    )


def _snapshot(market_id: int, contracts: tuple[Any, Any, Any], seq: int) -> Any:
    """Two-sided prices of all contracts around a forward that moves."""
    import numpy as np  # noqa: PLC0415

    from markets.domain.pricing import black76  # noqa: PLC0415
    from markets.quotes import Snapshot  # noqa: PLC0415

    keys, strikes, w = contracts
    forward = 24_512.0 + seq % 50
    vol = 0.12 + 4 * np.log(strikes / forward) ** 2
    ltp = np.maximum(np.rint(black76.price(w, forward, strikes, 4.2 / 365, vol, 0.065) * 20) * 5, 5)
    ltp = ltp.astype(np.int64)
    counts = 75 * (keys % 997)
    columns = {"bid": np.maximum(ltp - 5, 5), "ask": ltp + 5, "bid_qty": counts, "ask_qty": counts}
    columns |= {"volume": counts * 10, "oi": counts * 40, "oi_chg": counts}
    at = AT + timedelta(seconds=STEP_S * seq)
    return Snapshot(
        market_id, seq, at, {"NIFTY": 2_450_000}, keys, ltp.astype(np.int32), np.full(len(keys), seq), columns
    )


def _computing(snapshots: list[Any]) -> float:
    from markets.selectors.chain import chain_in  # noqa: PLC0415

    chain_in(snapshots[0], "NIFTY")
    took = []
    for snapshot in snapshots[1:]:
        began = time.perf_counter()
        chain_in(snapshot, "NIFTY")
        took.append(1_000 * (time.perf_counter() - began))
    return _share(took, 0.5)


def _asking(port: int, headers: dict[str, str], snapshots: list[Any]) -> tuple[list[float], int]:
    """Milliseconds of each request (the first one warms up), and the bytes of an answer."""
    from markets import quotes  # noqa: PLC0415

    connection, took, size = HTTPConnection("127.0.0.1", port), [], 0
    for snapshot in [snapshots[0], *snapshots]:
        quotes.store(snapshot)
        began = time.perf_counter()
        connection.request("GET", "/api/v1/chain/NIFTY", headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        took.append(1_000 * (time.perf_counter() - began))
        if answer.status != 200:
            raise RuntimeError(f"the API answered {answer.status}: {body[:300]!r}")
        size = len(body)
    connection.close()
    return took[1:], size


@contextmanager
def _server() -> Iterator[int]:
    """The web role, one process, on a free port; its log goes nowhere."""
    import subprocess  # noqa: PLC0415
    import sys  # noqa: PLC0415

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "1", "--blocking-threads", "4", "qlplatform.wsgi:application",
    ]  # fmt: skip
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.terminate()
        server.wait(10)


def _wait_for(port: int, server: Any) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the web server did not start")


def _share(values: list[float], part: float) -> float:
    return sorted(values)[min(int(part * len(values)), len(values) - 1)]


def _metric(name: str, value: float, n: int, note: str) -> dict[str, Any]:
    return {"metric": name, "value": round(value, 2), "unit": "ms", "n": n, "note": note}
