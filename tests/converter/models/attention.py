"""Models about attention."""

from typing import Any

import keras
from keras import Input, Model, layers

from tests.converter.models.case import Case, about, as_graphs, layer

_QUERY, _VALUE = (5, 4), (6, 4)


def _of_two(class_name: str, *arguments: Any, call: dict[str, Any] | None = None, **options: Any) -> Case:
    """Attention(query, value) with the query and value as a list."""
    return _case(class_name, arguments, options, call, lambda made, q, v, rest: made([q, v], **rest))


def _of_heads(class_name: str, *arguments: Any, call: dict[str, Any] | None = None, **options: Any) -> Case:
    """Attention with the query and value one after the other."""
    return _case(class_name, arguments, options, call, lambda made, q, v, rest: made(q, v, **rest))


def _case(class_name: str, arguments: Any, options: Any, call: Any, ask: Any) -> Case:
    recipe = layer(class_name, *arguments, **options)

    def build() -> Any:
        query, value = Input(_QUERY, name="query"), Input(_VALUE, name="value")
        return Model([query, value], keras.tree.flatten(ask(recipe.make(), query, value, call or {})))

    described = [*recipe.described_options(), *(f"{name}={value}" for name, value in (call or {}).items())]
    return Case(build, about=class_name, option=", ".join(described), exists=recipe.exists)


def _self_attention(**call: Any) -> Any:
    def build() -> Any:
        x = Input((5, 4))
        return Model(x, layers.MultiHeadAttention(2, 3)(x, x, **call))

    return build


def _with_mask() -> Any:
    x, mask = Input((5, 4), name="x"), Input((5, 5), dtype="bool", name="mask")
    return Model([x, mask], layers.MultiHeadAttention(2, 3)(x, x, attention_mask=mask))


def _three_tensors() -> Any:
    query, value, key = Input(_QUERY, name="query"), Input((6, 3), name="value"), Input(_VALUE, name="key")
    return Model([query, value, key], layers.Attention()([query, value, key]))


def _over_pictures() -> Any:
    x = Input((4, 3, 4))
    return Model(x, layers.MultiHeadAttention(2, 3, attention_axes=(1, 2))(x, x))


def _positions() -> Any:
    """Numbers of places, turned into vectors and added: what every transformer begins with."""
    ids = Input((6,), dtype="int32", name="ids")
    places = layers.Embedding(6, 8)(keras.ops.expand_dims(keras.ops.arange(6), 0))
    x = layers.Embedding(9, 8)(ids) + places
    return ids, x


def _transformer_block() -> Any:
    ids, x = _positions()
    attended = layers.MultiHeadAttention(2, 4)(x, x, use_causal_mask=True)
    x = layers.LayerNormalization()(layers.Add()([x, layers.Dropout(0.1)(attended)]))
    hidden = layers.Dense(8)(layers.Dense(16, activation="gelu")(x))
    x = layers.LayerNormalization()(x + hidden)
    return Model(ids, layers.Dense(9, activation="softmax")(x))


ATTENTION = as_graphs(
    _of_two("Attention"),
    _of_two("Attention", use_scale=True),
    _of_two("Attention", score_mode="concat", use_scale=True),
    _of_two("Attention", dropout=0.5),
    _of_two("Attention", call={"return_attention_scores": True}),
    _of_two("Attention", call={"use_causal_mask": True}),
    about("Attention", "query, value and key", _three_tensors),
    _of_two("AdditiveAttention"),
    _of_two("AdditiveAttention", use_scale=False),
    _of_two("AdditiveAttention", call={"use_causal_mask": True}),
    _of_heads("MultiHeadAttention", 2, 3),
    _of_heads("MultiHeadAttention", 2, 3, value_dim=2),
    _of_heads("MultiHeadAttention", 2, 3, output_shape=5),
    _of_heads("MultiHeadAttention", 2, 3, use_bias=False, dropout=0.5),
    _of_heads("MultiHeadAttention", 2, 3, call={"return_attention_scores": True}),
    _of_heads("MultiHeadAttention", 2, 3, call={"use_causal_mask": True}),
    about("MultiHeadAttention", "of itself", _self_attention()),
    about("MultiHeadAttention", "of itself, use_causal_mask=True", _self_attention(use_causal_mask=True)),
    about("MultiHeadAttention", "attention_mask", _with_mask),
    about("MultiHeadAttention", "attention_axes=(1, 2)", _over_pictures, graphics="no"),
    _of_heads("MultiHeadAttention", 2, 3, use_gate=True),
    _of_heads("MultiHeadAttention", 2, 3, sliding_window=2),
    _of_heads("GroupQueryAttention", 3, 4, 2),
    _of_heads("GroupQueryAttention", 3, 4, 2, use_bias=False),
    _of_heads("GroupQueryAttention", 3, 4, 2, call={"use_causal_mask": True}),
    {"transformer block": Case(_transformer_block)},
)
