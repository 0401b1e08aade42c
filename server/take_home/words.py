"""The texts that lie beside a model: what it is, what goes in, what comes out, and the lines that load it."""

from typing import Literal

from server.take_home.about import About

Format = Literal["tfjs", "saved_model", "tflite"]

_LINES: dict[Format, str] = {
    "tfjs": """\
In a web page, with TensorFlow.js (https://www.tensorflow.org/js):

    const model = await tf.loadLayersModel("model.json");
    const answers = model.predict(tf.tensor([numbers]));   // numbers: one sample, of the shape below

A page reads these files from a web server, not from a disk: put the folder beside your page.
probe.json holds inputs and what Keras answered to them, so that you can compare.
""",
    "saved_model": """\
In Python, with TensorFlow:

    import tensorflow as tf
    model = tf.saved_model.load("saved_model")
    answers = model.serve(samples)

In Keras 3: keras.layers.TFSMLayer("saved_model", call_endpoint="serve").
TensorFlow Serving and other converters read the folder as it is.
""",
    "tflite": """\
In Python, with LiteRT (the package ai-edge-litert; TensorFlow 2.19 and older have the same in tf.lite):

    from ai_edge_litert.interpreter import Interpreter
    interpreter = Interpreter("model.tflite")
    answers = interpreter.get_signature_runner("serving_default")(**{name: samples})

`name` is the only key of interpreter.get_signature_list()["serving_default"]["inputs"]. On telephones and small
computers LiteRT reads the file as well. labels.txt, one class a line, is inside the file, which is a zip archive, too.
""",
}


def readme(about: About, kind: Format) -> str:
    """What somebody needs who finds the file in a year."""
    parts = [
        f"A network of the Neural Playground. Data set: {about.title}. Epochs trained: {about.epoch}.",
        _LINES[kind],
        about.input_sentence(),
        about.output_sentence(),
    ]
    if about.classes:
        listed = "\n".join(f"    {index}  {one_line(name)}" for index, name in enumerate(about.classes))
        parts.append(f"Classes, from 0:\n\n{listed}")
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def labels(about: About) -> str:
    """One class a line, in the order of the outputs."""
    return "".join(f"{one_line(name)}\n" for name in about.classes)


def one_line(name: str) -> str:
    """A name is data: it makes no line of its own."""
    return " ".join(name.split())
