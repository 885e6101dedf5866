"""The dialogue engine from the outside: the decision table, the real Rasa and its action server over HTTP."""
