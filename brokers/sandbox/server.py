"""The venue's HTTP face for the other roles: loopback, one shared token, JSON."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from brokers.errors import BrokerError, SessionExpired
from brokers.sandbox import wire
from brokers.sandbox.desk import Desk
from brokers.sandbox.scenarios import Scenario
from markets import quotes
from qlplatform.core.clock import wall
from qlplatform.core.errors import Malformed

log = logging.getLogger(__name__)

DESK: web.AppKey[Desk] = web.AppKey("desk", Desk)
MAX_BODY = 8 * 1024 * 1024
DEFAULT_PATIENCE = timedelta(seconds=2)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
routes = web.RouteTableDef()


def build_app(desk: Desk) -> web.Application:
    """The application around `desk`; it takes scenarios only when the desk has some."""
    app = web.Application(client_max_size=MAX_BODY, middlewares=[_speak_plainly, _check_token])
    app[DESK] = desk
    app.add_routes(routes)
    if desk.scenarios is not None:
        app.router.add_post("/scenario", scenario_add)
    return app


@routes.post("/orders")
async def order_place(request: web.Request) -> web.Response:
    """Place an order; the header says until when its sender waits."""
    order = wire.order_request(wire.load(await request.read()))
    return _json(await request.app[DESK].place(order, _deadline(request)), status=201)


@routes.delete("/orders/{id}")
async def order_cancel(request: web.Request) -> web.Response:
    """Cancel an order."""
    return _json(await request.app[DESK].cancel(_param(request, "account"), request.match_info["id"]))


@routes.get("/orders/by-tag")
async def order_by_tag(request: web.Request) -> web.Response:
    """The oldest order with a tag, or null."""
    return _json(await request.app[DESK].order_by_tag(_param(request, "account"), _param(request, "tag")))


@routes.get("/orders")
async def order_book(request: web.Request) -> web.Response:
    """Orders of the day."""
    return _json(await request.app[DESK].order_book(_param(request, "account")))


@routes.get("/trades")
async def trade_book(request: web.Request) -> web.Response:
    """Trades of the day."""
    return _json(await request.app[DESK].trade_book(_param(request, "account")))


@routes.get("/positions")
async def positions(request: web.Request) -> web.Response:
    """Holdings."""
    return _json(await request.app[DESK].positions(_param(request, "account")))


@routes.post("/markets/{id:\\d+}/prices")
async def price_event(request: web.Request) -> web.Response:
    """A packed snapshot; answers after every order it fills is committed."""
    try:
        snapshot = quotes.unpack(await request.read())
    except ValueError as error:
        raise Malformed(str(error)) from error
    if snapshot.market_id != int(request.match_info["id"]):
        raise Malformed("The snapshot belongs to another market than the address.")
    return _json({"filled": await request.app[DESK].price_event(snapshot)})


@routes.post("/markets/{id:\\d+}/close")
async def session_close(request: web.Request) -> web.Response:
    """End a market's session."""
    return _json({"ended": await request.app[DESK].session_close(int(request.match_info["id"]))})


@routes.get("/healthz")
async def healthz(request: web.Request) -> web.Response:
    """The process is alive."""
    return _json({"status": "ok"})


async def scenario_add(request: web.Request) -> web.Response:
    """Treat the next order of an account differently; exists only when started for tests."""
    data: dict[str, Any] = wire.load(await request.read())
    account_ref = data.pop("account")
    scenarios = request.app[DESK].scenarios
    if scenarios is not None:
        scenarios.add(account_ref, Scenario(**data))
    return _json({})


@web.middleware
async def _speak_plainly(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Errors of ours as JSON; anything unforeseen is logged and leaves the outcome open (500)."""
    try:
        return await handler(request)
    except BrokerError as error:
        return web.Response(body=wire.dump_error(error), status=error.status, content_type=wire.JSON_TYPE)
    except Malformed as error:
        return _json({"code": error.code, "message": error.message}, status=error.status)
    except web.HTTPException:
        raise
    except Exception:
        log.exception("venue.request_failed", extra={"path": request.path})
        return _json({"code": "internal", "message": "The exchange failed; see its log."}, status=500)


@web.middleware
async def _check_token(request: web.Request, handler: Handler) -> web.StreamResponse:
    if request.path != "/healthz" and not wire.token_is_right(request.headers.get(wire.TOKEN_HEADER, "")):
        raise SessionExpired(
            "This caller does not belong to the installation of this exchange.", code="bad_token"
        )
    return await handler(request)


def _deadline(request: web.Request) -> datetime:
    given = request.headers.get(wire.DEADLINE_HEADER)
    if given is None:
        return wall() + DEFAULT_PATIENCE
    try:
        return datetime.fromisoformat(given)
    except ValueError as error:
        raise Malformed(f"{wire.DEADLINE_HEADER} is not a time: {given}.") from error


def _param(request: web.Request, name: str) -> str:
    value = request.query.get(name, "")
    if not value:
        raise Malformed(f"The parameter “{name}” is missing.")
    return value


def _json(value: object, status: int = 200) -> web.Response:
    return web.Response(body=wire.dump(value), status=status, content_type=wire.JSON_TYPE)
