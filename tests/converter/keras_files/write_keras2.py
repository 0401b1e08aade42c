"""Write models with Keras 2, each as .h5 with its inputs and answers as .npz: python write_keras2.py FOLDER

A program of its own, because Keras 2 and 3 do not go together in one process.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import tf_keras as keras
from tf_keras import layers


def parallel(shape: tuple[int, ...], *called: Any, dtype: str = "float32") -> Any:
    x = keras.Input(shape, dtype=dtype)
    return keras.Model(x, [layer(x) for layer in called])


def units() -> Any:
    return parallel(
        (6,),
        layers.Dense(3, activation="relu"),
        layers.Dense(3, activation="gelu"),
        layers.EinsumDense("ab,bc->ac", output_shape=4, bias_axes="c"),
        layers.Rescaling(1 / 3, -0.5),
        layers.Normalization(mean=[0.5] * 6, variance=[2.0] * 6),
        layers.Normalization(),
        layers.BatchNormalization(),
        layers.LayerNormalization(),
        layers.UnitNormalization(),
        layers.GroupNormalization(3),
        layers.Reshape((3, 2)),
        layers.RepeatVector(3),
        layers.ActivityRegularization(0.1),
        layers.LeakyReLU(0.2),
        layers.PReLU(),
        layers.ELU(0.5),
        layers.ThresholdedReLU(0.3),
        layers.ReLU(6.0, 0.1, 0.2),
        layers.Softmax(),
        layers.Activation("swish"),
        layers.Activation("hard_sigmoid"),
        layers.Dropout(0.2),
        layers.GaussianNoise(0.1),
    )


def pictures() -> Any:
    return parallel(
        (8, 9, 4),
        layers.Conv2D(3, 3, padding="same", activation="relu"),
        layers.Conv2D(4, 3, groups=2),
        layers.Conv2DTranspose(3, 3, strides=2, padding="same"),
        layers.DepthwiseConv2D(3, depth_multiplier=2),
        layers.SeparableConv2D(3, 3),
        layers.MaxPooling2D(),
        layers.AveragePooling2D(2),
        layers.GlobalAveragePooling2D(),
        layers.GlobalMaxPooling2D(keepdims=True),
        layers.Cropping2D(1),
        layers.ZeroPadding2D(2),
        layers.UpSampling2D(2, interpolation="bilinear"),
        layers.BatchNormalization(axis=1),
        layers.SpatialDropout2D(0.1),
        layers.Flatten(),
        layers.PReLU(shared_axes=[1, 2]),
        layers.RandomFlip(),
        layers.RandomRotation(0.1),
        layers.RandomZoom(0.1),
        layers.RandomContrast(0.1),
        layers.RandomTranslation(0.1, 0.1),
        layers.RandomBrightness(0.1),
        layers.Resizing(5, 5),
        layers.CenterCrop(4, 4),
    )


def rows() -> Any:
    return parallel(
        (9, 4),
        layers.Conv1D(3, 3, padding="causal"),
        layers.Conv1DTranspose(3, 3),
        layers.DepthwiseConv1D(3),
        layers.SeparableConv1D(3, 3),
        layers.MaxPooling1D(),
        layers.AveragePooling1D(),
        layers.GlobalMaxPooling1D(),
        layers.Cropping1D(1),
        layers.ZeroPadding1D(2),
        layers.UpSampling1D(2),
        layers.TimeDistributed(layers.Dense(3)),
        layers.SpatialDropout1D(0.1),
        layers.Masking(),
        layers.Permute((2, 1)),
    )


def volumes() -> Any:
    return parallel(
        (4, 5, 6, 2),
        layers.Conv3D(3, 2),
        layers.Conv3DTranspose(2, 2),
        layers.MaxPooling3D(),
        layers.GlobalAveragePooling3D(),
        layers.ZeroPadding3D(1),
        layers.Cropping3D(1),
        layers.UpSampling3D(2),
        layers.ConvLSTM2D(2, 2),
        layers.TimeDistributed(layers.Conv2D(2, 2)),
    )


def sequences() -> Any:
    return parallel(
        (5, 3),
        layers.LSTM(4, return_sequences=True),
        layers.LSTM(4, go_backwards=True, use_bias=False),
        layers.GRU(4),
        layers.GRU(4, reset_after=False),
        layers.SimpleRNN(4),
        layers.Bidirectional(layers.LSTM(2, return_sequences=True)),
        layers.Bidirectional(layers.LSTM(2, recurrent_activation="hard_sigmoid")),
        layers.Bidirectional(layers.GRU(2), merge_mode="sum"),
        layers.Bidirectional(layers.LSTM(2), backward_layer=layers.GRU(2, go_backwards=True)),
        layers.RNN(layers.LSTMCell(3), return_sequences=True),
        layers.RNN([layers.GRUCell(3), layers.SimpleRNNCell(2)]),
    )


def memories() -> Any:
    x, y = keras.Input((4, 3)), keras.Input((5, 3))
    sequence, hidden, carry = layers.LSTM(4, return_sequences=True, return_state=True)(x)
    both = layers.Bidirectional(layers.LSTM(2, return_state=True))(x)
    decoded = layers.LSTM(4)(y, initial_state=[hidden, carry])
    return keras.Model([x, y], [sequence, decoded, layers.Bidirectional(layers.LSTM(2))(y, initial_state=both[1:])])


def attention() -> Any:
    x, y = keras.Input((4, 6)), keras.Input((5, 6))
    answer, scores = layers.MultiHeadAttention(2, 3, output_shape=5)(x, y, return_attention_scores=True)
    return keras.Model(
        [x, y],
        [
            answer,
            scores,
            layers.MultiHeadAttention(2, 3)(x, x, use_causal_mask=True),
            layers.MultiHeadAttention(2, 3)(query=x, value=y),
            layers.Attention(use_scale=True)([x, x], use_causal_mask=True),
            layers.AdditiveAttention()([x, y, y]),
        ],
    )


def masked() -> Any:
    x = keras.Input((6,), dtype="int32")
    embedded = layers.Embedding(7, 4, mask_zero=True)(x)
    return keras.Model(
        x,
        [
            layers.LSTM(3)(embedded),
            layers.GlobalAveragePooling1D()(embedded),
            layers.Embedding(7, 3)(x),
            layers.CategoryEncoding(num_tokens=7, output_mode="count")(x),
        ],
    )


def nested() -> Any:
    def small(name: str) -> Any:
        return keras.Sequential([layers.Dense(3, input_shape=(3,)), layers.BatchNormalization()], name=name)

    one, other = small("one"), small("other")
    a = keras.Input((3,))
    twofold = keras.Model(a, {"p": layers.Dense(3)(a), "q": one(a)}, name="twofold")
    late = keras.Sequential([layers.Dense(2), layers.BatchNormalization()], name="late")
    x, y = keras.Input((3,), name="left"), keras.Input((4, 3), name="right")
    once, again = twofold(x), twofold(other(x))
    summed = layers.Add()([once["p"], again["q"]])
    return keras.Model([x, y], [summed, layers.TimeDistributed(other)(y), late(again["p"]), once["q"], other(x)])


def frozen() -> Any:
    def normalized(name: str) -> Any:
        return keras.Sequential(
            [layers.Dense(3, input_shape=(3,)), layers.BatchNormalization(), layers.Dense(3)], name=name
        )

    partly, wholly = normalized("partly"), normalized("wholly")
    partly.layers[0].trainable = False
    wholly.trainable = False
    x = keras.Input((3,))
    return keras.Model(x, [partly(x), wholly(x), layers.BatchNormalization(trainable=False)(x)])


def shared() -> Any:
    x = keras.Input((3,))
    a, b, c = (layers.Dense(3, name=name) for name in "abc")
    first = b(x)
    second = b(c(first))
    last = a(second)
    return keras.Model(x, [last, a(x), second, first])


def merging() -> Any:
    x, y = keras.Input((3,)), keras.Input((3,))
    both = [layers.Add(), layers.Subtract(), layers.Multiply(), layers.Average(), layers.Maximum(), layers.Minimum()]
    return keras.Model([x, y], [layer([x, y]) for layer in [*both, layers.Concatenate(), layers.Dot(1)]])


def plain() -> Any:
    return keras.Sequential([layers.Dense(3, input_shape=(4,), activation="tanh"), layers.Dense(2)])


def half() -> Any:
    keras.mixed_precision.set_global_policy("mixed_float16")
    model = keras.Sequential(
        [layers.Conv1D(3, 2, input_shape=(6, 3)), layers.LSTM(3), layers.Dense(2, dtype="float32")]
    )
    keras.mixed_precision.set_global_policy("float32")
    return model


MODELS = {
    build.__name__: build
    for build in (
        *(units, pictures, rows, volumes, sequences, memories, attention, masked),
        *(nested, frozen, shared, merging, plain, half),
    )
}


def inputs_of(model: Any, random: Any) -> Iterator[Any]:
    for tensor in model.inputs:
        sizes = [size or 3 for size in tensor.shape]
        is_whole = tensor.dtype.is_integer
        yield random.integers(0, 7, sizes).astype("int32") if is_whole else random.normal(size=sizes).astype("float32")


def save(name: str, model: Any, folder: Path) -> None:
    import tensorflow as tf

    random = np.random.default_rng(0)
    for weight in model.weights:
        if weight.dtype.is_floating:
            weight.assign(random.uniform(0.2, 0.9, weight.shape))
    for layer in model._flatten_layers():
        if hasattr(layer, "finalize_state"):
            layer.finalize_state()
    inputs = list(inputs_of(model, random))
    answers = tf.nest.flatten(model(inputs[0] if len(inputs) == 1 else inputs, training=False))
    model.save(folder / f"{name}.h5")
    arrays = {f"input{number}": array for number, array in enumerate(inputs)}
    arrays |= {f"answer{number}": np.asarray(answer, "float32") for number, answer in enumerate(answers)}
    np.savez(folder / f"{name}.npz", **arrays)


if __name__ == "__main__":
    for name, build in MODELS.items():
        save(name, build(), Path(sys.argv[1]))
