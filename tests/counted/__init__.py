"""What drtui costs, counted exactly: no clock is looked at, so that no slow machine makes any of this fail."""
