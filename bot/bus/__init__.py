"""The doorbell between rooms and the lock that keeps the turns of a conversation in order."""
