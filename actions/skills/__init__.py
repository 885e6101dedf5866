"""What the bot does with a turn; runs inside Rasa's action server and imports nothing of the app."""
