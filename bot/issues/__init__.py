"""Bugs and wishes: structured reports from a conversation, sent to a tracker, told to every customer when fixed."""
