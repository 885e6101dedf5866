"""Measures the running product with real input; none of it is part of the product."""
