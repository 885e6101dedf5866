"""The turn, the transcript and every use case that touches both the bot and the desk."""
