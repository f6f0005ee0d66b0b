"""`/api/v1/chain/<underlying>`: the option chain of one expiry, and the figures of all."""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import blake2b
from typing import NamedTuple

from django.http import HttpResponse
from django.utils.http import parse_etags
from drf_spectacular.utils import extend_schema
from redis.exceptions import RedisError
from rest_framework.request import Request

from markets import quotes, selectors
from markets.api.chain_schema import (
    CHAIN,
    EXPIRY,
    MARKET,
    STRIKES,
    SUMMARY,
    UNDERLYING,
    ChainSerializer,
    ChainSummarySerializer,
)
from markets.api.times import day_asked
from markets.chain_body import chain_bytes, summary_bytes
from markets.domain.chain.window import around
from markets.models import Market
from markets.quotes import Snapshot
from markets.selectors import chain as chains
from markets.selectors.chain import Recent
from qlplatform.core.api.views import WorkspaceAPIView
from qlplatform.core.errors import Malformed, NotFound, OperatorError

MOST_STRIKES = 1_000


class Body(NamedTuple):
    """An answer ready to send."""

    data: bytes
    etag: str


_bodies: Recent[Body] = Recent(64)


class ChainView(WorkspaceAPIView):
    """The chain of one expiry at the newest prices."""

    @extend_schema(
        operation_id="chain_get",
        summary="Get an option chain",
        parameters=[UNDERLYING, MARKET, EXPIRY, STRIKES],
        responses=ChainSerializer,
        examples=[CHAIN],
    )
    def get(self, request: Request, underlying: str) -> HttpResponse:
        market, strikes = _market(self), _strikes(request.query_params.get("strikes", ""))
        expiry = day_asked(request.query_params, "expiry")
        found = chains.chain_in(_snapshot(market), underlying.upper(), expiry)
        key = ("chain", found.market_id, found.seq, found.at, found.underlying, found.expiry, strikes)
        window = around(found.table.atm, len(found.layout.strikes_paise), strikes)
        return _answer(request, key, lambda: chain_bytes(found, market.public_id, window))


class ChainSummaryView(WorkspaceAPIView):
    """Term structure and volatility rank."""

    @extend_schema(
        operation_id="chain_summary",
        summary="Get the figures of all expiries",
        parameters=[UNDERLYING, MARKET],
        responses=ChainSummarySerializer,
        examples=[SUMMARY],
    )
    def get(self, request: Request, underlying: str) -> HttpResponse:
        market = _market(self)
        snapshot = _snapshot(market)
        found = chains.chain_in(snapshot, underlying.upper())
        whole = chains.term_in(snapshot, found.underlying)
        key = ("summary", found.market_id, whole.seq, whole.at, found.underlying)
        return _answer(request, key, lambda: summary_bytes(found, whole, market.public_id))


def _market(view: WorkspaceAPIView) -> Market:
    wanted = view.request.query_params.get("market", "")
    return selectors.market_of(view.actor, wanted) if wanted else chains.chain_market(view.actor)


def _snapshot(market: Market) -> Snapshot:
    try:
        snapshot = quotes.latest(market.pk)
    except RedisError as away:
        raise OperatorError(
            "Prices cannot be read at the moment; try again soon.", code="prices_unavailable"
        ) from away
    if snapshot is None:
        raise NotFound("There is no price in this market yet.", code="no_prices")
    return snapshot


def _answer(request: Request, key: tuple[object, ...], write: Callable[[], bytes]) -> HttpResponse:
    """The body, written once per price event, or 304 for a reader who has it."""
    body = _bodies.get(key, lambda: _body(write()))
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if body.etag in known or known == ["*"]:
        return HttpResponse(status=304, headers={"ETag": body.etag})
    return HttpResponse(body.data, content_type="application/json", headers={"ETag": body.etag})


def _body(data: bytes) -> Body:
    return Body(data, f'"{blake2b(data, digest_size=16).hexdigest()}"')


def _strikes(text: str) -> int | None:
    if not text:
        return None
    if re.fullmatch(r"[0-9]{1,4}", text) and 0 < int(text) <= MOST_STRIKES:
        return int(text)
    raise Malformed(f"“strikes” is a number from 1 to {MOST_STRIKES}.", code="bad_strikes")
