"""Rasa's guest room: `engine` runs inside the Rasa server, `skills` inside the action server; neither knows the app."""
