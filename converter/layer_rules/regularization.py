"""Rules of the layers that act while training only, dropout, noise, augmentation: a trained model does without them."""

from __future__ import annotations

from converter.layer_rules.rule import Answer, Emit, NotExpressible, Source, layer_rule
from converter.model_graph import Call


@layer_rule(
    *("ActivityRegularization", "AlphaDropout", "GaussianDropout", "GaussianNoise"),
    *("SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"),
    *("AugMix", "CutMix", "Equalization", "MixUp", "RandAugment", "Solarization"),
    *("RandomBrightness", "RandomColorDegeneration", "RandomColorJitter", "RandomContrast", "RandomCrop"),
    *("RandomElasticTransform", "RandomErasing", "RandomFlip", "RandomGaussianBlur", "RandomGrayscale", "RandomHue"),
    *("RandomInvert", "RandomPerspective", "RandomPosterization", "RandomRotation", "RandomSaturation"),
    *("RandomSharpness", "RandomShear", "RandomTranslation", "RandomZoom"),
    reads=None,
)
def acts_while_training(call: Call, _emit: Emit) -> Answer:
    """Dropped."""
    if [tensor.shape for tensor in call.outputs] != [tensor.shape for tensor in call.inputs]:
        raise NotExpressible("changes the size of pictures")
    return call.inputs


_RESIZE = frozenset(
    [
        *("CenterCrop", "RandomCrop", "Resizing"),
        *(f"{name}{rank}D" for name in ("Cropping", "UpSampling", "ZeroPadding") for rank in (1, 2, 3)),
    ]
)


@layer_rule("Pipeline", reads=["layers"])
def pipeline(call: Call, emit: Emit) -> Answer:
    """One layer after the other, while none changes the size."""
    if call.output.shape != call.input.shape:
        raise NotExpressible("changes the size of pictures")
    source: Source = call.input
    resizing = [layer.class_name for layer in call.operation.inner.values() if layer.class_name in _RESIZE]
    if resizing:
        raise NotExpressible(f"holds a layer of class {resizing[0]}, which changes the size of pictures in between")
    for layer in call.operation.inner.values():
        source = emit.rule(layer, source, call.input.shape)
    return source


@layer_rule("Dropout", reads=["rate", "noise_shape"])
def dropout(call: Call, emit: Emit) -> Answer:
    """Kept, for models that go on learning in the browser; it does nothing else there."""
    return emit("Dropout", call.input, rate=call.config["rate"])
