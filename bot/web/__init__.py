"""The only room that speaks Sanic: pages, HTTP API and websockets."""
