"""Whether you could restore ArcGIS Enterprise on Kubernetes, from what, and what is in it."""

__version__ = "0.1.0"
