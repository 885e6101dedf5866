"""Zeroline's app: doors, rooms and the wiring between them; Rasa stays outside, on the other end of HTTP."""
