"""The human side: tickets, who holds them and how they are claimed; knows nothing of the app around it."""
