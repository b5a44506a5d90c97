"""What is kept on this machine. Imports only the model."""
