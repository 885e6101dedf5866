"""The Telegram door: customers who write to the bot there, and nothing else of the product."""
