"""The one door to the dialogue engine: a turn goes out, replies and wishes come back."""
