"""Live Keras models as TensorFlow.js graph models, for what its layers cannot say. Importing this loads TensorFlow."""

from converter.graph_fallback.building import build_graph_model
from converter.graph_fallback.evaluation import ask, evaluate
from converter.graph_fallback.graph_model import GraphModel

__all__ = ["GraphModel", "ask", "build_graph_model", "evaluate"]
