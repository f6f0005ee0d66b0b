"""What the ASGI role `live` serves: the web socket, and the hub's life with the process."""

from __future__ import annotations

from channels.auth import AuthMiddlewareStack
from channels.routing import URLRouter
from django.urls import path

from qlplatform.web.consumers import LiveConsumer
from qlplatform.web.hub import lifespan

websocket = AuthMiddlewareStack(URLRouter([path("ws/v1/live/", LiveConsumer.as_asgi())]))

__all__ = ["lifespan", "websocket"]
