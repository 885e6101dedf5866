"""Files in messages: what customers and operators attach, stored once, opened by a signed address."""
