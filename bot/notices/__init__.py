"""Telling operators away from the desk, and the world outside: durable errands for push, Telegram and webhooks."""
