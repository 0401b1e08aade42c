"""A run as plain Keras: the script and the notebook that repeat it."""

from server.domain.events import Payload
from server.domain.shapes import plan_network
from server.domain.spec import RunSpec, input_shape
from server.scripts.data import data_section, title_of
from server.scripts.network import network_section
from server.scripts.notebook import notebook_payload
from server.scripts.training import report_section, training_section

DEFAULT_EPOCHS = 100
"""Epochs of a script when nobody has trained yet."""


def script_payload(spec: RunSpec, epochs: int) -> Payload:
    """`{"script": text, "notebook": object}` that train this spec for so many epochs."""
    sections = _sections(spec, epochs)
    body = "\n\n".join(f"# ---- {heading} ----\n\n{source}\n" for heading, source in sections)
    script = f'"""{_title(spec)}\n\n{_NOTE}\n"""\n\n{body}'
    return {"script": script, "notebook": notebook_payload(_title(spec), sections)}


_NOTE = """Made by Neural Playground. Needs Python 3.10 or later, with numpy and tensorflow (Keras 3):
pip install numpy "tensorflow>=2.16"
"""


def _sections(spec: RunSpec, epochs: int) -> list[tuple[str, str]]:
    inputs = input_shape(spec)[0]
    return [
        ("Settings", _settings(spec, epochs)),
        ("The data", data_section(spec)),
        ("The network", network_section(spec, inputs)),
        ("Training", training_section(spec)),
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
    units = "-".join(str(plan.outputs[0]) for plan in plan_network(spec) if plan.weights)
    return f"{title_of(spec)}, learned by a network of {input_shape(spec)[0]}-{units} units."
