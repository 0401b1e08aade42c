"""Rules of the layers most models are made of."""

from __future__ import annotations

from math import prod
from typing import Any

from converter.layer_rules.activations import activated, carried, whole_activation
from converter.layer_rules.reshaping import reshaped
from converter.layer_rules.rule import Answer, Emit, NotExpressible, Source, layer_rule, no_rule, weights_named
from converter.model_graph import Call, Shape

no_rule("carries code of its own", "Lambda")


def known_size(size: int | None) -> int:
    """A size that decides the shape of weights or of the answer. Raises NotExpressible while it is unknown."""
    if size is None:
        raise NotExpressible("needs an input whose sizes are all known", "give keras.Input a whole shape")
    return size


@layer_rule("Dense", reads=["units", "activation", "use_bias"])
def dense(call: Call, emit: Emit) -> Answer:
    """The same in TF.js, for inputs of any rank."""
    place = emit(
        "Dense",
        call.input,
        weights=weights_named(call, "kernel", "bias"),
        units=call.config["units"],
        activation=carried(call),
        use_bias=call.config["use_bias"],
    )
    return activated(call, emit, place)


@layer_rule("EinsumDense", reads=["equation", "output_shape", "activation", "bias_axes"])
def einsum_dense(call: Call, emit: Emit) -> Answer:
    """A Dense layer between two reshapings, if the last axes of the input are contracted into new last ones."""
    kernel, bias = call.weights["kernel"], call.weights.get("bias")
    shape, answer = call.input.shape, call.output.shape
    contracted = _contracted(str(call.config["equation"]), len(shape), len(answer))
    rows, columns = shape[len(shape) - contracted :], answer[len(shape) - contracted :]
    height, width = prod(map(known_size, rows)), prod(map(known_size, columns))
    weights = {"kernel": kernel.reshape(height, width)}
    if bias is not None:
        if bias.size != width:
            raise NotExpressible("has a bias along some of its new axes only")
        weights["bias"] = bias.reshape(width)
    flat = _merged(call.input, shape, contracted, height, emit)
    config: dict[str, Any] = {"units": width, "use_bias": bias is not None}
    if len(columns) == 1:
        return activated(call, emit, emit("Dense", flat, weights=weights, activation=carried(call), **config))
    place = emit("Dense", flat, weights=weights, activation="linear", **config)
    return whole_activation(call, emit, reshaped(emit, place, answer))


def _merged(source: Source, shape: Shape, count: int, size: int, emit: Emit) -> Source:
    return source if count == 1 else reshaped(emit, source, (*shape[: len(shape) - count], size))


def _contracted(equation: str, rank: int, answer_rank: int) -> int:
    """How many last axes are summed over. Raises NotExpressible unless the kernel is (summed..., new...)."""
    left, _, right = equation.replace(" ", "").partition("->")
    taken, _, kernel = left.partition(",")
    has_dots = "..." in taken
    taken, right = taken.replace("...", ""), right.replace("...", "")
    kept = [label for label in taken if label in right]
    summed = [label for label in taken if label not in right]
    new = [label for label in right if label not in taken]
    is_plain = [*taken] == [*kept, *summed] and [*right] == [*kept, *new] and [*kernel] == [*summed, *new]
    fits = has_dots or (len(taken) == rank and len(right) == answer_rank)
    if not is_plain or not fits or not summed or not new or (not kept and not has_dots):
        raise NotExpressible(f"has the equation {equation}, which is no Dense layer in disguise")
    return len(summed)


@layer_rule("Embedding", reads=["input_dim", "output_dim", "mask_zero"])
def embedding(call: Call, emit: Emit) -> Answer:
    """The same; masks are made only where something takes them."""
    return emit(
        "Embedding",
        call.input,
        weights={"embeddings": call.weights["embeddings"]},
        input_dim=call.config["input_dim"],
        output_dim=call.config["output_dim"],
        mask_zero=bool(call.config["mask_zero"]) and emit.is_masked,
    )


@layer_rule("Masking", reads=["mask_value"])
def masking(call: Call, emit: Emit) -> Answer:
    """The same."""
    return emit("Masking", call.input, mask_value=call.config["mask_value"])


@layer_rule("Identity")
def identity(call: Call, _emit: Emit) -> Answer:
    """Dropped: TF.js has an initializer of that name."""
    return call.input
