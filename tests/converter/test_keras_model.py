"""Live models: what is read of them, and that nothing of them changes."""

from typing import Any

import numpy as np

from converter import keras_model


def _calls(model: Any) -> dict[str, Any]:
    return {call.operation.name: call for call in keras_model.read_graph(model).calls}


def test_models_inside_are_inlined_with_their_path_and_their_shapes() -> None:
    import keras

    inner = keras.Sequential([keras.Input((None, 3)), keras.layers.Dense(4, name="dense")], name="inner")
    x = keras.Input((5, 3), name="x")
    graph = keras_model.read_graph(keras.Model(x, [inner(x), inner(x)]))

    assert [call.operation.path for call in graph.calls] == [("inner", "dense"), ("inner", "dense")]
    assert graph.calls[0].operation is graph.calls[1].operation
    assert graph.inputs[0].shape == (None, 5, 3)
    assert set(graph.outputs) == {graph.calls[0].output, graph.calls[1].output}


def test_arguments_go_by_name_however_they_were_given() -> None:
    import keras

    x, state = keras.Input((5, 3)), keras.Input((4,))
    model = keras.Model([x, state], keras.layers.SimpleRNN(4, name="read")(x, state))

    graph = keras_model.read_graph(model)

    assert list(graph.calls[0].arguments) == ["sequences", "initial_state"]
    assert graph.calls[0].extras == {"initial_state": graph.inputs[1]}


def test_only_arguments_that_are_not_the_defaults_of_keras_are_changed() -> None:
    import keras

    model = keras.Sequential([keras.Input((8, 3)), keras.layers.Conv1D(4, 3, strides=1, padding="same", name="c")])

    assert {"padding", "filters", "kernel_size"} <= _calls(model)["c"].operation.changed
    assert not {"strides", "use_bias", "dilation_rate"} & _calls(model)["c"].operation.changed


def test_low_rank_weights_are_merged_into_the_kernel() -> None:
    import keras

    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, name="d")])
    model.get_layer("d").enable_lora(2)
    model.get_layer("d").lora_kernel_b.assign(np.ones((2, 4)))

    weights = _calls(model)["d"].weights

    assert list(weights) == ["kernel", "bias"]
    np.testing.assert_allclose(weights["kernel"], model.get_layer("d").kernel, rtol=1e-6)


def test_weights_of_a_layer_come_before_those_of_its_activation() -> None:
    import keras

    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, activation=keras.layers.Dense(4), name="d")])
    keras_model.build_rest(model)

    assert _calls(model)["d"].weights["kernel"].shape == (3, 4)


def test_precision_is_float32_for_a_while_and_then_as_before() -> None:
    import keras

    policy = keras.DTypePolicy("mixed_float16")
    model = keras.Sequential([keras.Input((5, 3)), keras.layers.LSTM(2, dtype=policy), keras.layers.Dense(1)])

    with keras_model.in_float32(model):
        assert {layer.compute_dtype for layer in model._flatten_layers()} == {"float32"}

    assert [layer.dtype_policy.name for layer in model.layers] == ["mixed_float16", "float32"]
    assert [call.output.dtype for call in _calls(model).values()] == ["float32", "float32"]


def test_what_is_built_late_is_built_without_a_trace_in_states_and_statistics() -> None:
    import keras

    x = keras.Input(batch_shape=(2, 5, 3))
    reader, norm = keras.layers.LSTM(4, stateful=True), keras.layers.BatchNormalization()
    slopes = keras.layers.PReLU()
    model = keras.Model(x, keras.layers.Dense(2, activation=slopes)(norm(reader(x), training=True)))
    reader.states[0].assign(np.ones((2, 4)))

    keras_model.build_rest(model)

    assert slopes.built
    np.testing.assert_array_equal(reader.states[0], np.ones((2, 4)))
    np.testing.assert_array_equal(norm.moving_variance, np.ones(4))


def test_what_recurrent_layers_remember_is_given_back() -> None:
    import keras

    reader = keras.layers.GRU(4, stateful=True)
    model = keras.Sequential([keras.Input(batch_shape=(2, 5, 3)), reader])
    reader.states[0].assign(np.full((2, 4), 7.0))

    with keras_model.with_its_states(model):
        keras_model.answer(model, [np.ones((2, 5, 3), "f4")])

    np.testing.assert_array_equal(reader.states[0], np.full((2, 4), 7.0))
