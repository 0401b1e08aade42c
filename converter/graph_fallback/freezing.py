"""A traced call as a plain graph: variables become constants, and what never changes is computed once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import tensorflow as tf
from tensorflow.core.framework import attr_value_pb2
from tensorflow.core.protobuf import config_pb2, device_properties_pb2, meta_graph_pb2
from tensorflow.python.framework import convert_to_constants
from tensorflow.python.grappler import cluster as grappler_cluster
from tensorflow.python.grappler import tf_optimizer

from converter.graph_fallback.topology import every_node

_PASSES = ("pruning", "constfold", "arithmetic", "dependency", "pruning", "constfold", "arithmetic", "dependency")


def freeze(function: Any) -> Any:
    """Turn a concrete function into one whose graph has no variables; loops and branches stay functional."""
    function.graph.clear_collection("table_initializer")  # left by other models in this process, and warned about
    for operation in function.graph.get_operations():
        if operation.type in ("Case", "StatelessCase"):  # the others are seen to by `lower_control_flow`
            operation._set_attr("_lower_using_switch_merge", attr_value_pb2.AttrValue(b=False))  # noqa: SLF001
    return convert_to_constants.convert_variables_to_constants_v2(
        function, lower_control_flow=False, aggressive_inlining=True
    )


def without_control_inputs(graph_def: Any) -> Any:
    """Drop the orders "first this, then that": nothing frozen has effects, and TensorFlow.js counts them as inputs."""
    for node in every_node(graph_def):
        kept = [name for name in node.input if not name.startswith("^")]
        if len(kept) < len(node.input):
            node.input[:] = kept
    return graph_def


def optimized(graph_def: Any, outputs: Sequence[str], inputs: Sequence[str]) -> Any:
    """Let TensorFlow's own optimizer remove, fold and simplify nodes; `outputs` and `inputs` are kept by name."""
    meta_graph = meta_graph_pb2.MetaGraphDef(graph_def=graph_def)
    meta_graph.collection_def["train_op"].node_list.value.extend([*outputs, *inputs])
    return tf_optimizer.OptimizeGraph(_configuration(), meta_graph, cluster=_cluster())


def imported(graph_def: Any) -> tf.Graph:
    """Read a GraphDef as a graph, with the shapes that TensorFlow infers."""
    graph = tf.Graph()
    with graph.as_default():
        tf.import_graph_def(graph_def, name="")
    return graph


def _configuration() -> Any:
    configuration = config_pb2.ConfigProto()
    rewriting = configuration.graph_options.rewrite_options
    rewriting.optimizers[:] = _PASSES
    rewriting.meta_optimizer_iterations = rewriting.ONE
    rewriting.min_graph_nodes = -1
    return configuration


def _cluster() -> Any:
    """Describe a graphics processor: for it, the optimizer leaves out operations only TensorFlow's own CPU code has."""
    device = device_properties_pb2.NamedDevice()
    device.name = "/GPU:0"
    device.properties.type = "GPU"
    device.properties.environment["architecture"] = "4"
    return grappler_cluster.Cluster(devices=[device])
