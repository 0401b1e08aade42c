"""A run as plain Keras: the script and the notebook that repeat it."""

from server.domain.events import Payload
from server.domain.shapes import count_weights, plan_network
from server.domain.spec import RunSpec, input_shape, kind_of
from server.scripts.data import data_section, title_of
from server.scripts.network import network_section
from server.scripts.notebook import notebook_payload
from server.scripts.pictures import base_of, first_layers, needs_of, picture_training
from server.scripts.training import report_section, training_section

DEFAULT_EPOCHS = 100
"""Epochs of a script when nobody has trained yet."""


def script_payload(spec: RunSpec, epochs: int) -> Payload:
    """`{"script": text, "notebook": object}` that train this spec for so many epochs."""
    sections = _sections(spec, epochs)
    body = "\n\n".join(f"# ---- {heading} ----\n\n{source}\n" for heading, source in sections)
    note = _NOTE.format(more=needs_of(spec))
    script = f'"""{_title(spec)}\n\n{note}\n"""\n\n{body}'
    return {"script": script, "notebook": notebook_payload(_title(spec), sections)}


_NOTE = """Made by Neural Playground. Needs Python 3.10 or later, with numpy and tensorflow (Keras 3):
pip install numpy{more} "tensorflow>=2.16"
"""


def _sections(spec: RunSpec, epochs: int) -> list[tuple[str, str]]:
    if kind_of(spec.dataset.name) == "image":
        layers = network_section(spec, first_layers(spec), ', metrics=["accuracy"]')
        network, training = base_of(spec) + layers, picture_training(spec)
    else:
        network, training = network_section(spec, [f"keras.Input({input_shape(spec)})"]), training_section(spec)
    return [
        ("Settings", _settings(spec, epochs)),
        ("The data", data_section(spec)),
        ("The network", network),
        ("Training", training),
        ("How it went", report_section()),
    ]


def _settings(spec: RunSpec, epochs: int) -> str:
    return (
        "import math\nfrom collections import namedtuple\n\nimport keras\nimport numpy as np\n\n"
        f"EPOCHS = {epochs}\nBATCH_SIZE = {spec.batch_size}\n"
        f"DATA_SEED = {spec.dataset.seed}  # draws the samples\n"
        f"SEED = {spec.seed}  # draws the first weights and the order of the samples"
    )


def _title(spec: RunSpec) -> str:
    plans = plan_network(spec)
    if kind_of(spec.dataset.name) == "image":
        return f"{title_of(spec)}, learned by a network of {count_weights(plans)} weights."
    units = "-".join(str(plan.outputs[0]) for plan in plans if plan.weights)
    return f"{title_of(spec)}, learned by a network of {input_shape(spec)[0]}-{units} units."
