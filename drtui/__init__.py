"""Tell whether ArcGIS Enterprise on Kubernetes could be restored, from which restore point, and what is in it."""

__version__ = "0.1.0"
