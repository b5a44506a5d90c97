"""The base of errors for what a person wrote."""


class InputError(ValueError):
    """Raised for an argument, a setting or a file of a person that cannot be used; the message says what to write."""
