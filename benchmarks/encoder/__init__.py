"""Makes the Russian model of the embedded encoder: `make encoder`."""
