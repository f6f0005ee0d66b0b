"""ASGI entry: role `live`. It serves the web socket and nothing else; pages and REST are the role `web`."""

from __future__ import annotations

import os
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qlplatform.settings.dev")
get_asgi_application()  # sets Django up, which the imports below need

from channels.routing import ProtocolTypeRouter  # noqa: E402

from qlplatform.routing import lifespan, websocket  # noqa: E402


async def only_sockets(scope: Any, receive: Any, send: Any) -> None:
    """What a plain HTTP request to this port gets: 426, upgrade required."""
    headers = [(b"content-type", b"text/plain"), (b"upgrade", b"websocket")]
    await send({"type": "http.response.start", "status": 426, "headers": headers})
    await send({"type": "http.response.body", "body": b"This port serves web sockets only.\n"})


application = ProtocolTypeRouter({"http": only_sockets, "websocket": websocket, "lifespan": lifespan})
