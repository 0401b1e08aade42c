"""Models about masks: every place where TensorFlow.js would skip other steps than Keras, without a word."""

from typing import Any

import keras
import numpy as np
from keras import Input, Model, layers
from numpy.typing import NDArray

from tests.converter.models.case import Case, as_graphs, as_layers

IDS = (6,)
STEPS = (6, 3)


def _embedded(name: str = "ids") -> Any:
    """Ids and their vectors; id 0 stands for nothing."""
    ids = Input(IDS, dtype="int32", name=name)
    return ids, layers.Embedding(5, 4, mask_zero=True)(ids)


def _of_ids(make: Any) -> Any:
    """A model that does something with masked vectors."""

    def build() -> Any:
        ids, x = _embedded()
        return Model(ids, keras.tree.flatten(make(x)))

    return build


def _of_steps(make: Any, mask_value: float = 0.0) -> Any:
    def build() -> Any:
        x = Input(STEPS, name="steps")
        return Model(x, keras.tree.flatten(make(layers.Masking(mask_value)(x))))

    return build


def _skipping(mask_value: float = 0.0) -> Any:
    """Steps of which about a third are to be skipped."""

    def make(random: np.random.Generator) -> list[NDArray[Any]]:
        steps = random.normal(0, 1.5, (16, *STEPS))
        steps[random.uniform(size=(16, STEPS[0])) < 0.35] = mask_value
        return [steps.astype("float32")]

    return make


def _steps(make: Any, mask_value: float = 0.0) -> Case:
    return Case(_of_steps(make, mask_value), probe=_skipping(mask_value))


# ---- Models in which something else goes on -------------------------------------------------------------------


def _unmasked_branch() -> Any:
    """TensorFlow.js hands the mask of one branch to the recurrent layer of the other."""
    ids, x = _embedded()
    other = Input((6, 4), name="other")
    return Model([ids, other], [layers.LSTM(3)(x), layers.LSTM(3)(other)])


def _repeated() -> Any:
    """Encoder and decoder: TensorFlow.js lets the decoder skip steps that are masked for the encoder."""
    ids, x = _embedded()
    return Model(ids, layers.LSTM(4, return_sequences=True)(layers.RepeatVector(6)(layers.LSTM(4)(x))))


def _states_handed_over() -> Any:
    source, x = _embedded("source")
    target, y = _embedded("target")
    _, *states = layers.LSTM(4, return_state=True)(x)
    return Model([source, target], layers.LSTM(4, return_sequences=True)(y, initial_state=states))


def _two_masks() -> Any:
    first, x = _embedded("first")
    second, y = _embedded("second")
    return Model([first, second], layers.Concatenate()([layers.LSTM(3)(x), layers.LSTM(3)(y)]))


def _one_mask_for_two() -> Any:
    ids, x = _embedded()
    return Model(ids, [layers.LSTM(3)(x), layers.SimpleRNN(2, go_backwards=True)(x)])


def _given_mask() -> Any:
    x, mask = Input((6, 4), name="x"), Input((6,), dtype="bool", name="mask")
    return Model([x, mask], layers.LSTM(3)(x, mask=mask))


def _shared_table() -> Any:
    first, second = Input(IDS, dtype="int32", name="first"), Input(IDS, dtype="int32", name="second")
    table, reader = layers.Embedding(5, 4, mask_zero=True), layers.LSTM(3)
    return Model([first, second], layers.Subtract()([reader(table(first)), reader(table(second))]))


def _masked_sum() -> Any:
    first, x = _embedded("first")
    second, y = _embedded("second")
    return Model([first, second], layers.LSTM(3)(layers.Add()([x, y])))


def _masked_concatenation() -> Any:
    first, x = _embedded("first")
    second, y = _embedded("second")
    return Model([first, second], layers.SimpleRNN(3)(layers.Concatenate(axis=1)([x, y])))


def _residual() -> Any:
    ids, x = _embedded()
    return Model(ids, layers.LSTM(3)(layers.Add()([x, layers.Dense(4, activation="relu")(x)])))


def _tagged() -> Any:
    """A word's tag: what students build for sequences of words."""
    inner = [layers.Embedding(5, 4, mask_zero=True), layers.LSTM(4, return_sequences=True)]
    tags = layers.TimeDistributed(layers.Dense(3, activation="softmax"))
    return keras.Sequential([Input(IDS, dtype="int32"), *inner, tags])


def _classified() -> Any:
    """Texts by their words: both directions, twice."""
    inner = [layers.Bidirectional(layers.LSTM(4, return_sequences=True)), layers.Bidirectional(layers.LSTM(3))]
    table = layers.Embedding(5, 4, mask_zero=True)
    return keras.Sequential([Input(IDS, dtype="int32"), table, *inner, layers.Dense(1, activation="sigmoid")])


def _masked_twice() -> Any:
    x = Input(STEPS, name="steps")
    return Model(x, layers.LSTM(3)(layers.Masking(-1.0)(layers.Masking(0.0)(x))))


def _after_the_sequence() -> Any:
    """What comes after the last step has no mask any more."""
    ids, x = _embedded()
    last = layers.LSTM(6)(x)
    return Model(ids, layers.SimpleRNN(3)(layers.Reshape((3, 2))(last)))


def _inner_model() -> Any:
    """The mask is made inside a model, and taken outside of it."""
    inner = keras.Sequential([Input(IDS, dtype="int32"), layers.Embedding(5, 4, mask_zero=True)], name="table")
    return keras.Sequential([Input(IDS, dtype="int32"), inner, layers.LSTM(3), layers.Dense(2)])


def _without_id_zero() -> Any:
    ids, x = _embedded()
    return Model(ids, layers.Dense(2)(layers.Flatten()(layers.Conv1D(3, 2)(x))))


def _attention(x: Any) -> Any:
    return layers.MultiHeadAttention(2, 3)(x, x)


def _read(units: int = 3, **options: Any) -> Any:
    return lambda x: layers.LSTM(units, **options)(x)


def _both_ways(**options: Any) -> Any:
    return lambda x: layers.Bidirectional(layers.LSTM(3, **options))(x)


_PASSES = as_layers(
    {
        "mask of Embedding, nobody takes it": Case(_without_id_zero),
        "mask of Embedding, taken by SimpleRNN": Case(_of_ids(lambda x: layers.SimpleRNN(3)(x))),
        "mask of Embedding, taken by LSTM": Case(_of_ids(_read())),
        "mask of Embedding, taken by LSTM that goes backwards": Case(_of_ids(_read(go_backwards=True))),
        "mask of Embedding, taken by LSTM that returns sequences": Case(_of_ids(_read(return_sequences=True))),
        "mask of Embedding, taken by LSTM that returns states": Case(_of_ids(_read(return_state=True))),
        "mask of Embedding, taken by GRU without reset_after": Case(
            _of_ids(lambda x: layers.GRU(3, reset_after=False)(x))
        ),
        "mask of Embedding, taken by a stack of LSTM": Case(
            _of_ids(lambda x: layers.Dense(2)(layers.LSTM(3)(layers.LSTM(4, return_sequences=True)(x))))
        ),
        "mask of Embedding, handed on by Dropout": Case(_of_ids(lambda x: layers.LSTM(3)(layers.Dropout(0.3)(x)))),
        "mask of Embedding, handed on by Dense": Case(_of_ids(lambda x: layers.LSTM(3)(layers.Dense(3)(x)))),
        "mask of Embedding, handed on by BatchNormalization": Case(
            _of_ids(lambda x: layers.LSTM(3)(layers.BatchNormalization()(x)))
        ),
        "mask of Embedding, lost in Conv1D": Case(_of_ids(lambda x: layers.LSTM(3)(layers.Conv1D(3, 2)(x)))),
        "mask of Embedding, handed on by LeakyReLU": Case(_of_ids(lambda x: layers.LSTM(3)(layers.LeakyReLU()(x)))),
        "mask of Embedding, handed on by LayerNormalization": Case(
            _of_ids(lambda x: layers.LSTM(3)(layers.LayerNormalization()(x)))
        ),
        "mask of Embedding, lost in MaxPooling1D": Case(_of_ids(lambda x: layers.LSTM(3)(layers.MaxPooling1D()(x)))),
        "mask of Embedding, taken by both directions, last step": Case(_of_ids(_both_ways())),
        "mask of Embedding, taken by two layers": Case(_one_mask_for_two),
        "mask of Masking, taken by LSTM": _steps(_read()),
        "mask of Masking, taken by LSTM that returns sequences": _steps(_read(return_sequences=True)),
        "mask of Masking with another value": _steps(_read(), mask_value=-1.0),
        "mask of Masking, nobody takes it": _steps(lambda x: layers.Dense(3)(x)),
    }
)

_TRAPS = as_graphs(
    {
        "mask of Embedding, taken by GRU": Case(_of_ids(lambda x: layers.GRU(3)(x))),
        "mask of Embedding, taken by both directions, all steps": Case(_of_ids(_both_ways(return_sequences=True))),
        "mask of Embedding inside a model": Case(_inner_model),
        "mask of Embedding, another branch without mask": Case(_unmasked_branch),
        "mask of Embedding, encoder, RepeatVector, decoder": Case(_repeated),
        "mask of Embedding, seq2seq with states handed over": Case(_states_handed_over),
        "mask of Embedding, two of them": Case(_two_masks),
        "mask of Embedding, a shared table called twice": Case(_shared_table),
        "mask of Embedding, sum of two masked tensors": Case(_masked_sum),
        "mask of Embedding, concatenation of two masked tensors": Case(_masked_concatenation),
        "mask of Embedding, residual": Case(_residual),
        "mask of Embedding, a tag for each word": Case(_tagged),
        "mask of Embedding, both directions twice": Case(_classified),
        "mask of Masking, twice": Case(_masked_twice, probe=_skipping()),
        "mask of Embedding, another sequence after it": Case(_after_the_sequence),
        "mask of Embedding, zero_output_for_mask": Case(
            _of_ids(_read(return_sequences=True, zero_output_for_mask=True))
        ),
        "mask of Embedding, zero_output_for_mask in both directions": Case(
            _of_ids(_both_ways(return_sequences=True, zero_output_for_mask=True))
        ),
        "mask of Embedding, taken by GlobalAveragePooling1D": Case(
            _of_ids(lambda x: layers.GlobalAveragePooling1D()(x))
        ),
        "mask of Embedding, taken by TimeDistributed": Case(
            _of_ids(lambda x: layers.TimeDistributed(layers.Dense(3))(x))
        ),
        "mask of Embedding, taken by MultiHeadAttention": Case(_of_ids(_attention)),
        "mask of Embedding, taken by Attention": Case(_of_ids(lambda x: layers.Attention()([x, x]))),
        "mask of Embedding, taken by AdditiveAttention": Case(_of_ids(lambda x: layers.AdditiveAttention()([x, x]))),
        "mask of Embedding, a stack of GRU": Case(
            _of_ids(lambda x: layers.GRU(3)(layers.GRU(4, return_sequences=True)(x)))
        ),
        "mask of Masking, taken by GRU": _steps(lambda x: layers.GRU(3)(x)),
        "mask of Masking, both directions, all steps": _steps(
            lambda x: layers.Bidirectional(layers.LSTM(3, return_sequences=True))(x)
        ),
        "mask that is an input": Case(_given_mask),
    }
)

MASKS = {**_PASSES, **_TRAPS}
