"""Recurrent layers: every kind, direction and mask, of known and unknown length."""

from __future__ import annotations

from typing import Any

from keras import layers

from tests.converter.graph_fallback.cases import Table, functional, of_two, sequential


def _embedded(given: Any) -> Any:
    return layers.Embedding(4, 3, mask_zero=True)(given)


def _masked(length: int | None, layer: Any) -> Any:
    return functional((length,), lambda given: layer()(_embedded(given)), dtype="int32")


def _sequence_to_sequence(source: Any, target: Any) -> Any:
    _, *states = layers.LSTM(4, return_state=True)(source)
    return layers.LSTM(4, return_sequences=True)(target, initial_state=states)


def _stacked(**options: Any) -> Any:
    return layers.RNN([layers.LSTMCell(4), layers.GRUCell(3), layers.SimpleRNNCell(2)], **options)


RECURRENT: Table = {
    "GRU": sequential((6, 3), lambda: layers.GRU(4)),
    "GRU, reset before": sequential((6, 3), lambda: layers.GRU(4, reset_after=False)),
    "GRU without biases": sequential((6, 3), lambda: layers.GRU(4, use_bias=False)),
    "GRU backwards": sequential((6, 3), lambda: layers.GRU(4, return_sequences=True, go_backwards=True)),
    "GRU with dropout": sequential((6, 3), lambda: layers.GRU(4, dropout=0.3, recurrent_dropout=0.2)),
    "GRU, softsign": sequential((6, 3), lambda: layers.GRU(4, activation="softsign", recurrent_activation="relu6")),
    "GRU from a state": of_two((6, 3), (4,), lambda x, state: layers.GRU(4)(x, initial_state=state)),
    "LSTM, all steps": sequential((6, 3), lambda: layers.LSTM(4, return_sequences=True), lambda: layers.LSTM(2)),
    "LSTM with states": functional((6, 3), lambda x: layers.LSTM(4, return_state=True, return_sequences=True)(x)),
    "SimpleRNN": sequential((6, 3), lambda: layers.SimpleRNN(4, return_sequences=True)),
    "stacked cells": sequential((6, 3), lambda: _stacked(return_sequences=True)),
    "sequence to sequence": of_two((6, 3), (5, 2), _sequence_to_sequence),
    "Bidirectional": sequential(
        (6, 3),
        lambda: layers.Bidirectional(layers.LSTM(4, return_sequences=True)),
        lambda: layers.Bidirectional(layers.GRU(3), merge_mode="ave"),
    ),
    "masked LSTM": _masked(6, lambda: layers.LSTM(4)),
    "masked LSTM backwards": _masked(6, lambda: layers.LSTM(4, go_backwards=True, return_sequences=True)),
    "masked Bidirectional": _masked(6, lambda: layers.Bidirectional(layers.LSTM(4, return_sequences=True))),
    "masked Bidirectional, summed": _masked(
        6, lambda: layers.Bidirectional(layers.GRU(4, return_sequences=True), merge_mode="sum")
    ),
    "zeros for masked steps": _masked(6, lambda: layers.LSTM(4, return_sequences=True, zero_output_for_mask=True)),
    "zeros for masked steps, backwards": _masked(
        6, lambda: layers.LSTM(4, return_sequences=True, go_backwards=True, zero_output_for_mask=True)
    ),
    "zeros for a masked last step": _masked(6, lambda: layers.LSTM(4, zero_output_for_mask=True)),
    "Masking": sequential((5, 3), lambda: layers.Masking(0.5), lambda: layers.GRU(3)),
    "ConvLSTM1D": sequential((4, 6, 2), lambda: layers.ConvLSTM1D(3, 3, return_sequences=True)),
    "ConvLSTM2D": sequential(
        (3, 6, 6, 2), lambda: layers.ConvLSTM2D(3, 3, dilation_rate=2, padding="same", return_sequences=True)
    ),
    "ConvLSTM3D": sequential((2, 4, 4, 4, 2), lambda: layers.ConvLSTM3D(2, 2)),
    "TimeDistributed": sequential(
        (4, 6, 6, 2),
        lambda: layers.TimeDistributed(layers.Conv2D(3, 3)),
        lambda: layers.TimeDistributed(layers.Flatten()),
        lambda: layers.LSTM(3),
    ),
    "TimeDistributed LSTM": sequential((3, 4, 5), lambda: layers.TimeDistributed(layers.LSTM(2))),
    "TimeDistributed, masked": _masked(6, lambda: layers.TimeDistributed(layers.Dense(3))),
    "TimeDistributed of any length": sequential((None, 3), lambda: layers.TimeDistributed(layers.Dense(4))),
}

OF_ANY_LENGTH: Table = {
    "GRU": sequential((None, 3), lambda: layers.GRU(4)),
    "LSTM with states": functional((None, 3), lambda x: layers.LSTM(4, return_state=True, return_sequences=True)(x)),
    "stack": sequential(
        (None, 3),
        lambda: layers.LSTM(4, return_sequences=True),
        lambda: layers.Dense(2, activation="gelu"),
        lambda: layers.SimpleRNN(3, activation="softsign"),
    ),
    "stacked cells": sequential((None, 3), lambda: _stacked(return_sequences=True)),
    "masked Bidirectional": _masked(None, lambda: layers.Bidirectional(layers.LSTM(4, return_sequences=True))),
    "zeros for masked steps, backwards": _masked(
        None, lambda: layers.LSTM(4, return_sequences=True, go_backwards=True, zero_output_for_mask=True)
    ),
    "ConvLSTM2D": sequential((None, 5, 5, 2), lambda: layers.ConvLSTM2D(3, 3, return_sequences=True)),
    "sequence to sequence": of_two((None, 3), (None, 2), _sequence_to_sequence),
    "more steps than are written out": sequential((600, 2), lambda: layers.GRU(3)),
}
