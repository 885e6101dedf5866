"""Asks Telegram whether a bot token is good; for the doctor."""

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import AiogramError, TelegramNotFound, TelegramUnauthorizedError
from aiogram.utils.token import TokenValidationError


async def token_problem(token: str, api_url: str) -> str:
    """What is wrong with the token, in words; empty when Telegram accepts it."""
    try:
        bot = Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(api_url), timeout=10))
    except TokenValidationError:
        return "it does not look like a token of @BotFather"
    async with bot:
        try:
            await bot.get_me()
        except (TelegramUnauthorizedError, TelegramNotFound):
            return "Telegram does not accept it"
        except AiogramError as error:
            return f"Telegram cannot be reached ({type(error).__name__})"
    return ""
