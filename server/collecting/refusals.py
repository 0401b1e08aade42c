"""Why pictures cannot be used, in sentences that say what to do next."""

from server.domain.errors import InvalidInput


class UnusableImages(InvalidInput):
    """A whole archive, folder or file cannot be used."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message, code)


class UnusablePicture(Exception):
    """One picture is left out; the sentence is told with its name and does not repeat it."""
