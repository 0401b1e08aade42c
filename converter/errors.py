"""Everything the converter can refuse or get wrong, as one tree.

    ConversionError
    ├── InputRefused                 the caller has to change something; nothing was written (exit code 2)
    │   ├── UnreadableArchive        the file is not a Keras 3 archive, is damaged, or hides something
    │   ├── InvalidConfiguration     the model's configuration says something it must not
    │   ├── ModelNotBuilt            the model does not know its input shape yet
    │   ├── UnsupportedLayer         a layer (or what it is asked to do) has no counterpart yet
    │   ├── WeightMismatch           stored weights do not fit the configuration, or are not finite
    │   ├── UnusableProbe            the probe inputs do not fit, or Keras answers them with no number
    │   ├── UnsupportedOption        an option that is not available
    │   ├── UnusableOutput           the output folder cannot be written or must not be replaced
    │   └── ConversionStopped        the conversion took more time or memory than it was given, or crashed
    └── VerificationFailed           what was written is not what was meant: a fault of ours (exit code 1)

Every message is one line: what is wrong, what was expected, what was received, what to do next.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

_QUOTED_LENGTH = 80


def quoted(value: object) -> str:
    """Show an untrusted value inside a one-line message: quoted, escaped and cut."""
    text = value if isinstance(value, str) else repr(value)
    cut = text if len(text) <= _QUOTED_LENGTH else text[: _QUOTED_LENGTH - 1] + "…"
    shown = json.dumps(cut, ensure_ascii=not cut.isprintable())
    return shown if isinstance(value, str) else shown[1:-1]


class ConversionError(Exception):
    """Base of everything the converter raises on purpose; `code` is stable, for machines."""

    code = "conversion_failed"


class InputRefused(ConversionError):
    """The input cannot be used; nothing was written."""

    code = "input_refused"


class UnreadableArchive(InputRefused):
    """The file is not a Keras 3 archive this converter is willing to read."""

    code = "unreadable_archive"


class InvalidConfiguration(InputRefused):
    """The configuration of the model contains something unknown, ill-typed or out of range."""

    code = "invalid_configuration"

    @classmethod
    def of_argument(cls, layer: str, argument: str, expected: str, received: object) -> InvalidConfiguration:
        """Refuse one argument of one layer, saying what was expected and received."""
        return cls(f"Layer {quoted(layer)}: {quoted(argument)} should be {expected}, but is {quoted(received)}.")


class ModelNotBuilt(InputRefused):
    """The model has no input shape yet, so it has no weights either."""

    code = "model_not_built"


class UnsupportedLayer(InputRefused):
    """A layer that cannot be expressed; knows the layer, its class, why, and what to use instead."""

    code = "unsupported_layer"

    def __init__(
        self, layer: str, class_name: str, reason: str, supported: Iterable[str] = (), *, instead: str = ""
    ) -> None:
        self.layer = layer
        self.class_name = class_name
        self.reason = reason
        self.supported = tuple(sorted(supported))
        self.instead = instead or (f"supported: {', '.join(self.supported)}" if self.supported else "")
        advice = f"; {self.instead}" if self.instead else ""
        super().__init__(f"Layer {quoted(layer)} (class {quoted(class_name)}) {reason}{advice}.")

    def __reduce__(self) -> tuple[Callable[..., UnsupportedLayer], tuple[str, str, str, tuple[str, ...], str]]:
        """Be made again from the parts: an error made on another machine arrives as it was raised."""
        return _unsupported_layer, (self.layer, self.class_name, self.reason, self.supported, self.instead)


def _unsupported_layer(
    layer: str, class_name: str, reason: str, supported: tuple[str, ...], instead: str
) -> UnsupportedLayer:
    return UnsupportedLayer(layer, class_name, reason, supported, instead=instead)


class WeightMismatch(InputRefused):
    """Stored weights are missing, have another shape than the configuration, or are not finite."""

    code = "weight_mismatch"


class UnusableProbe(InputRefused):
    """Probe inputs that do not fit the model, or that Keras answers with infinity or not-a-number."""

    code = "unusable_probe"


class UnsupportedOption(InputRefused):
    """An option with a value that is not available."""

    code = "unsupported_option"


class UnusableOutput(InputRefused):
    """The output folder cannot be written, or holds something that must not be replaced."""

    code = "unusable_output"


class ConversionStopped(InputRefused):
    """The process that converts a file of a stranger was stopped, or died."""

    code = "conversion_stopped"


class VerificationFailed(ConversionError):
    """The files read back differ from what was meant to be written; nothing was published."""

    code = "verification_failed"
