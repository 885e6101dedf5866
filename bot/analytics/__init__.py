"""Counts what happened, for the people who run the product."""
