"""How fast and how quiet drtui is, beside what people would otherwise use: run with `python -m tests.bench`."""
