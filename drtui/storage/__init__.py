"""Files on this machine. Imports only `core`."""
