"""The whole network of a run with the weights of one moment, to be made into files."""

import keras

from server.datasets.bases import Bases
from server.domain.spec import RunSpec, input_shape
from server.training.base import Floats, build_whole, load_base_weights, with_tail_values
from server.training.build import build_layers, build_model
from server.training.frames import set_flat_weights
from server.training.recipe import recipe_of


def trained_model(spec: RunSpec, weights: Floats, bases: Bases) -> keras.Model:
    """From a sample [samples, *input_shape] to the answers; a base is in it, with what was trained of it.

    Raises MissingBase, and ValueError when the number of weights does not fit.
    """
    recipe = recipe_of(spec)
    if spec.base is None:
        model = build_model(recipe)
        set_flat_weights(model, weights)
        return model
    tail = recipe.tail
    known, cut = load_base_weights(spec.base, bases), tail.weights_count if tail else 0
    if tail:
        known = with_tail_values(known, tail, weights[:cut])
    head = build_layers(recipe)
    model = build_whole(input_shape(spec), spec.base, known, head)
    set_flat_weights(keras.Sequential(head), weights[cut:])
    return model
