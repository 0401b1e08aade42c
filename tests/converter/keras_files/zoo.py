"""Models that hold every layer the door knows: one model for each family, an output for each layer."""

from collections.abc import Callable
from typing import Any

import numpy as np

Build = Callable[[], Any]


def parallel(shape: tuple[int, ...], *layers: Any, dtype: str = "float32") -> Any:
    """A model in which every layer is called on the same input."""
    import keras

    x = keras.Input(shape, dtype=dtype, name="x")
    return keras.Model(x, [layer(x) for layer in layers])


def known(class_name: str, *arguments: Any, **options: Any) -> list[Any]:
    """A layer of this class, or none if the installed Keras does not know it."""
    import keras

    kind = getattr(keras.layers, class_name, None)
    return [] if kind is None else [kind(*arguments, **options)]


def units() -> Any:
    from keras import layers

    return parallel(
        (6,),
        layers.Dense(3, activation="relu"),
        layers.Dense(3, use_bias=False, activation=layers.LeakyReLU(negative_slope=0.1)),
        layers.Dense(4, activation=layers.PReLU()),
        layers.EinsumDense("ab,bc->ac", output_shape=4, bias_axes="c", activation="gelu"),
        layers.Identity(),
        layers.Rescaling(1 / 3, offset=-0.5),
        layers.Rescaling([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]),
        layers.Normalization(mean=[0.5] * 6, variance=[2.0] * 6),
        layers.Normalization(axis=None, mean=1.0, variance=4.0, invert=True),
        layers.Normalization(),
        layers.BatchNormalization(momentum=0.9, epsilon=0.01),
        layers.BatchNormalization(center=False, scale=False),
        layers.LayerNormalization(),
        *known("RMSNormalization"),
        layers.UnitNormalization(),
        layers.GroupNormalization(groups=3),
        layers.SpectralNormalization(layers.Dense(3)),
        layers.ActivityRegularization(l1=0.1),
        layers.Discretization(bin_boundaries=[0.0, 0.5]),
        layers.Reshape((3, 2)),
        layers.RepeatVector(3),
        layers.Flatten(),
    )


def activations() -> Any:
    import keras
    from keras import layers

    from converter.keras_files.arguments import ACTIVATIONS

    named = [layers.Activation(name) for name in sorted(ACTIVATIONS) if hasattr(keras.activations, name)]
    own = [
        layers.ELU(0.5),
        layers.LeakyReLU(0.2),
        layers.PReLU(shared_axes=[1]),
        layers.ReLU(max_value=6.0, negative_slope=0.1, threshold=0.2),
        layers.Softmax(axis=1),
        layers.Softmax(),
    ]
    return parallel((4, 6), *named, *own)


def dropouts() -> Any:
    from keras import layers

    return parallel(
        (4, 6),
        layers.AlphaDropout(0.2),
        layers.Dropout(0.2, noise_shape=(None, 1, 6), seed=7),
        layers.GaussianDropout(0.2),
        layers.GaussianNoise(0.2),
        layers.SpatialDropout1D(0.2),
        layers.Masking(),
        layers.Permute((2, 1)),
        layers.TimeDistributed(layers.Dense(3)),
        layers.GlobalAveragePooling1D(),
        layers.LayerNormalization(axis=[1, 2]),
        *known("RMSNormalization", axis=[1, 2]),
        layers.Normalization(axis=(1, 2)),
    )


def merging() -> Any:
    import keras
    from keras import layers

    a, b = keras.Input((4, 3), name="a"), keras.Input((4, 3), name="b")
    both = [layers.Add(), layers.Subtract(), layers.Multiply(), layers.Average(), layers.Maximum(), layers.Minimum()]
    several = [layers.Concatenate(axis=1), layers.Dot(axes=2), layers.Dot(axes=(1, 1), normalize=True)]
    return keras.Model([a, b], [layer([a, b]) for layer in [*both, *several]])


def rows() -> Any:
    from keras import layers

    return parallel(
        (9, 4),
        layers.Conv1D(3, 3, padding="causal", dilation_rate=2, activation="relu"),
        layers.Conv1D(4, 3, groups=2, strides=2),
        layers.Conv1DTranspose(3, 3, strides=2, padding="same"),
        layers.DepthwiseConv1D(3, depth_multiplier=2),
        layers.SeparableConv1D(3, 3),
        layers.MaxPooling1D(2),
        layers.AveragePooling1D(2, strides=1, padding="same"),
        layers.GlobalMaxPooling1D(keepdims=True),
        *known("AdaptiveAveragePooling1D", 3),
        *known("AdaptiveMaxPooling1D", 3),
        layers.Cropping1D((1, 2)),
        layers.ZeroPadding1D((1, 2)),
        layers.UpSampling1D(2),
    )


def pictures() -> Any:
    from keras import layers

    return parallel(
        (8, 9, 4),
        layers.Conv2D(3, (3, 2), padding="same", activation="silu"),
        layers.Conv2D(4, 3, groups=2),
        layers.Conv2DTranspose(3, 3, strides=2, output_padding=1, padding="same"),
        layers.DepthwiseConv2D(3, depth_multiplier=2),
        layers.SeparableConv2D(3, 3, depth_multiplier=2),
        layers.SpectralNormalization(layers.Conv2D(3, 2)),
        layers.MaxPooling2D(),
        layers.AveragePooling2D((2, 3), padding="same"),
        layers.GlobalAveragePooling2D(),
        layers.GlobalMaxPooling2D(),
        *known("AdaptiveAveragePooling2D", 3),
        *known("AdaptiveMaxPooling2D", (2, 3)),
        layers.Cropping2D(((1, 0), (2, 1))),
        layers.ZeroPadding2D(2),
        layers.ZeroPadding2D((1, 2)),
        layers.UpSampling2D(2, interpolation="bilinear"),
        layers.BatchNormalization(axis=1),
        layers.PReLU(shared_axes=[1, 2]),
        layers.SpatialDropout2D(0.1),
        layers.Flatten(),
    )


def volumes() -> Any:
    from keras import layers

    return parallel(
        (4, 5, 6, 2),
        layers.Conv3D(3, 2),
        layers.Conv3DTranspose(2, 2, strides=2),
        layers.MaxPooling3D(),
        layers.AveragePooling3D(2),
        layers.GlobalAveragePooling3D(),
        layers.GlobalMaxPooling3D(),
        *known("AdaptiveAveragePooling3D", 2),
        *known("AdaptiveMaxPooling3D", 2),
        layers.Cropping3D(1),
        layers.ZeroPadding3D(((1, 0), (0, 1), (1, 1))),
        layers.UpSampling3D(2),
        layers.SpatialDropout3D(0.1),
        layers.TimeDistributed(layers.Conv2D(2, 3)),
        layers.ConvLSTM2D(2, 2, return_sequences=True),
    )


def sequences() -> Any:
    from keras import layers

    return parallel(
        (5, 3),
        layers.LSTM(4, return_sequences=True, recurrent_activation="hard_sigmoid"),
        layers.LSTM(4, go_backwards=True, use_bias=False),
        layers.GRU(4, dropout=0.1),
        layers.GRU(4, reset_after=False),
        layers.SimpleRNN(4, activation="relu"),
        layers.Bidirectional(layers.LSTM(2, return_sequences=True)),
        layers.Bidirectional(layers.GRU(2), merge_mode="sum"),
        layers.Bidirectional(layers.LSTM(2), backward_layer=layers.GRU(2, go_backwards=True)),
        layers.RNN(layers.LSTMCell(3), return_sequences=True),
        layers.RNN([layers.GRUCell(3), layers.SimpleRNNCell(2)]),
        layers.RNN(layers.StackedRNNCells([layers.LSTMCell(2), layers.LSTMCell(3)])),
        layers.Bidirectional(layers.RNN(layers.GRUCell(2))),
        layers.TimeDistributed(layers.BatchNormalization()),
    )


def films() -> Any:
    from keras import layers

    return parallel((4, 6, 2), layers.ConvLSTM1D(2, 3), layers.TimeDistributed(layers.LSTM(2)))


def volumes_in_time() -> Any:
    from keras import layers

    return parallel((2, 3, 4, 4, 1), layers.ConvLSTM3D(1, 2))


def attention() -> Any:
    import keras
    from keras import layers

    x, y = keras.Input((4, 6), name="x"), keras.Input((5, 6), name="y")
    answer, scores = layers.MultiHeadAttention(2, 3, value_dim=4, output_shape=(5,))(x, y, return_attention_scores=True)
    mask = keras.Input((4, 5), name="mask", dtype="bool")
    return keras.Model(
        [x, y, mask],
        [
            answer,
            scores,
            layers.MultiHeadAttention(2, 3, use_bias=False)(x, x, use_causal_mask=True),
            layers.MultiHeadAttention(2, 3)(query=x, value=y, key=y, attention_mask=mask),
            layers.Attention(use_scale=True, score_mode="concat")([x, y]),
            layers.Attention()([x, x], use_causal_mask=True),
            layers.AdditiveAttention()([x, y, y]),
            layers.GroupQueryAttention(3, 4, 2)(x, y),
        ],
    )


def memories() -> Any:
    """States handed from one layer to the next."""
    import keras
    from keras import layers

    x, y = keras.Input((4, 3), name="x"), keras.Input((5, 3), name="y")
    sequence, hidden, carry = layers.LSTM(4, return_sequences=True, return_state=True)(x)
    both = layers.Bidirectional(layers.LSTM(2, return_state=True))(x)
    decoded = layers.LSTM(4)(y, initial_state=[hidden, carry])
    turned = layers.Bidirectional(layers.LSTM(2))(y, initial_state=both[1:])
    last, state = layers.GRU(3, return_state=True)(x)
    return keras.Model([x, y], [sequence, decoded, turned, last, layers.GRU(3)(y, initial_state=state)])


def masked() -> Any:
    import keras
    from keras import layers

    x = keras.Input((6,), dtype="int32", name="x")
    embedded = layers.Embedding(7, 4, mask_zero=True)(x)
    pooled = layers.GlobalAveragePooling1D()(embedded)
    filtered = layers.Masking(mask_value=0.5)(keras.ops.cast(keras.ops.expand_dims(x, -1), "float32"))
    return keras.Model(
        x,
        [
            layers.LSTM(3)(embedded),
            layers.Bidirectional(layers.GRU(2, return_sequences=True))(embedded),
            pooled,
            layers.SimpleRNN(2)(filtered),
            layers.MultiHeadAttention(2, 2)(embedded, embedded),
            layers.TimeDistributed(layers.Dense(2))(embedded),
        ],
    )


def words() -> Any:
    import keras
    from keras import layers

    turned = layers.Bidirectional(layers.LSTM(3, return_sequences=True))
    return keras.Sequential(
        [keras.Input((6,), dtype="int32"), layers.Embedding(7, 4, mask_zero=True), turned, layers.GRU(2)]
    )


def lookups() -> Any:
    import keras
    from keras import layers

    x = keras.Input((5,), dtype="int32", name="x")
    tables = known("ReversibleEmbedding", 7, 4)
    return keras.Model(
        x,
        [
            layers.Embedding(7, 3)(x),
            layers.CategoryEncoding(num_tokens=7, output_mode="count")(x),
            *(table(table(x), reverse=True) for table in tables),
        ],
    )


def augmentations() -> Any:
    from keras import layers

    return parallel(
        (8, 10, 3),
        layers.CenterCrop(4, 6),
        layers.RandomCrop(4, 6),
        layers.Resizing(5, 7, interpolation="bicubic", antialias=True),
        layers.Resizing(5, 7, crop_to_aspect_ratio=True),
        layers.RandomBrightness(0.2),
        *known("RandomColorDegeneration", 0.2),
        layers.RandomContrast(0.2),
        *known("RandomHue", 0.2),
        *known("RandomPosterization", 4),
        *known("RandomSaturation", 0.2),
        *known("RandomSharpness", 0.2),
        *known("RandomColorJitter", brightness_factor=0.1),
        *known("RandomElasticTransform"),
        *known("RandomErasing"),
        layers.RandomFlip("horizontal"),
        *known("RandomGaussianBlur"),
        *known("RandomGrayscale"),
        *known("RandomInvert"),
        *known("RandomPerspective"),
        layers.RandomRotation(0.1),
        *known("RandomShear", 0.1),
        layers.RandomTranslation(0.1, 0.2),
        layers.RandomZoom(0.1),
        *known("AutoContrast"),
        *known("Solarization", addition_factor=0.2),
        *known("Pipeline", [layers.RandomFlip(), layers.RandomRotation(0.1)]),
        *known("AugMix"),
        *known("RandAugment"),
    )


def sounds() -> Any:
    from keras import layers

    return parallel((600,), layers.MelSpectrogram(fft_length=128, sequence_stride=64, num_mel_bins=8))


def waves() -> Any:
    from keras import layers

    return parallel((600, 1), layers.STFTSpectrogram(frame_length=64, frame_step=32))


def functions() -> Any:
    """What `x + y` and `keras.ops.f(x)` leave behind."""
    import keras

    x, y = keras.Input((4, 6), name="x"), keras.Input((4, 6), name="y")
    return keras.Model([x, y], [*_arithmetic(x, y), *_called(x, y)])


def _arithmetic(x: Any, y: Any) -> list[Any]:
    return [
        x + y,
        2 - x,
        x * np.arange(6, dtype="float32"),
        x / 3,
        -x,
        abs(x) ** 2,
        x[:, 1:, ::2],
        x[..., None, 0],
    ]


def _called(x: Any, y: Any) -> list[Any]:
    from keras import ops

    first, second = ops.split(x, 2, axis=-1)
    values, places = ops.top_k(x, 2)
    return [
        ops.softmax(ops.reshape(x, (-1, 24))),
        ops.matmul(x, ops.transpose(y, (0, 2, 1))),
        ops.einsum("abc,adc->abd", x, y),
        ops.where(x > y, x, ops.zeros_like(y)),
        ops.concatenate([x, y], axis=1),
        ops.stack([x, y], axis=1),
        first * second,
        values,
        ops.cast(places, "float16"),
        ops.mean(x, axis=[1, 2], keepdims=True),
        ops.max(x, axis=1),
        ops.argmax(x, axis=-1),
        ops.clip(x, -0.5, 0.5),
        ops.pad(x, ((0, 0), (1, 2), (0, 0))),
        ops.tile(x, [1, 2, 1]),
        ops.repeat(x, 2, axis=1),
        ops.squeeze(ops.expand_dims(x, 1), 1),
        ops.gelu(x),
        ops.leaky_relu(x, 0.1),
        ops.log_softmax(x, axis=1),
        ops.one_hot(ops.argmax(x, axis=-1), 6),
        ops.cumsum(x, axis=1),
        ops.image.resize(ops.expand_dims(x, -1), (8, 3)),
        ops.average_pool(x, 2),
        ops.norm(x, axis=-1),
        ops.take(x, [0, 2], axis=1),
        ops.logical_and(x > 0, y > 0),
        ops.layer_normalization(x, axis=-1) if hasattr(ops, "layer_normalization") else x,
    ]


def nested() -> Any:
    """Models in models: shared, called twice, with dictionaries, and with equal names inside."""
    import keras
    from keras import layers

    small = keras.Sequential([keras.Input((3,)), layers.Dense(3, name="same"), layers.Dropout(0.1)], name="small")
    a = keras.Input((3,), name="a")
    twofold = keras.Model(a, {"p": layers.Dense(3, name="same")(a), "q": small(a)}, name="twofold")
    x, y = keras.Input((3,), name="left"), keras.Input((4, 3), name="right")
    late = keras.Sequential([layers.Dense(2), layers.BatchNormalization()], name="late")
    once, again = twofold(x), twofold(small(x))
    inside = layers.TimeDistributed(small)(y)
    return keras.Model(
        {"left": x, "right": y},
        {"sum": layers.Add()([once["p"], again["q"]]), "time": inside, "late": late(again["p"]), "raw": once["q"]},
    )


def shared() -> Any:
    """One layer called three times, in an order that differs from the order of the layers."""
    import keras
    from keras import layers

    x = keras.Input((3,), name="x")
    a, b, c = layers.Dense(3, name="a"), layers.Dense(3, name="b"), layers.Dense(3, name="c")
    first = b(x)
    second = b(c(first))
    last = a(second)
    return keras.Model(x, [last, a(x), second, first])


def half_precision() -> Any:
    import keras
    from keras import layers

    policy = "mixed_float16"
    return keras.Sequential(
        [
            keras.Input((6, 3)),
            layers.Conv1D(4, 2, dtype=policy),
            layers.LSTM(3, return_sequences=True, dtype=policy),
            layers.LayerNormalization(dtype=policy),
            layers.Dense(2, dtype=keras.DTypePolicy("bfloat16")),
            layers.Dense(2, dtype="float16"),
            layers.Dense(2, dtype="float64"),
        ]
    )


def plain() -> Any:
    """A Sequential model that met its first data instead of an Input."""
    import keras
    from keras import layers

    model = keras.Sequential([layers.Dense(3, activation="tanh"), layers.Dense(2)])
    model(np.zeros((1, 4), "float32"))
    return model


MODELS: dict[str, Build] = {
    build.__name__: build
    for build in (
        units,
        activations,
        dropouts,
        merging,
        rows,
        pictures,
        volumes,
        sequences,
        films,
        volumes_in_time,
        attention,
        memories,
        masked,
        words,
        lookups,
        augmentations,
        sounds,
        waves,
        functions,
        nested,
        shared,
        half_precision,
        plain,
    )
}
