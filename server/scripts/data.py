"""The part of a script that makes the very samples a run learns from: our own functions, as text."""

from server.datasets import synthetic
from server.datasets.registry import OFFERS
from server.domain.spec import (
    DatasetSpec,
    FeatureName,
    RunSpec,
    all_samples,
    domain_of,
    features_of,
    formula_of,
    kind_of,
    outputs_of,
    shared_samples,
    train_samples,
)
from server.scripts.law import law_source
from server.scripts.pictures import picture_data
from server.scripts.sources import definitions_of

_FEATURES: dict[FeatureName, str] = {
    "x1": "x1",
    "x2": "x2",
    "x1_squared": "x1 * x1",
    "x2_squared": "x2 * x2",
    "x1x2": "x1 * x2",
    "sin_x1": "np.sin(x1)",
    "sin_x2": "np.sin(x2)",
}

_GENERATOR = '''def generator(purpose):
    """One stream of random numbers per purpose: more noise leaves the sample below it as it is."""
    return np.random.default_rng([DATA_SEED, purpose])'''


def data_section(spec: RunSpec) -> str:
    """Source that defines x_train, y_train, x_test, y_test."""
    dataset = spec.dataset
    if kind_of(dataset.name) == "image":
        return "\n\n\n".join([_GENERATOR, _labels(spec), picture_data(spec)])
    parts = ['Sample = namedtuple("Sample", ["inputs", "labels"])', *definitions_of(synthetic, [_maker(dataset)])]
    if law := formula_of(dataset):
        parts.append(law_source(law, is_plane=kind_of(dataset.name) == "plane"))
    return "\n\n\n".join([*parts, _GENERATOR, _features(spec), _labels(spec), _split(spec)])


def title_of(spec: RunSpec) -> str:
    """What the data set is called."""
    return OFFERS[spec.dataset.name].title


def _maker(dataset: DatasetSpec) -> str:
    """The function that makes the samples."""
    return "own_points" if dataset.name == "points" else dataset.name


def _features(spec: RunSpec) -> str:
    columns = ", ".join(_FEATURES[name] for name in features_of(spec))
    return (
        'def features_of(points):\n    """The inputs of the network, computed from x1 and x2."""\n'
        f'    x1, x2 = points.T\n    return np.column_stack([{columns}]).astype("float32")'
    )


def _labels(spec: RunSpec) -> str:
    outputs = outputs_of(spec.dataset)
    if outputs == 1:
        says, value = "One column.", 'labels[:, None].astype("float32")'
    else:
        says = "A column for each class, with a 1 at its own."
        value = f'np.eye({outputs}, dtype="float32")[labels.astype(int)]'
    return f'def labels_of(labels):\n    """{says}"""\n    return {value}'


def _split(spec: RunSpec) -> str:
    dataset = spec.dataset
    count = shared_samples(dataset) - (all_samples(spec) - train_samples(spec))
    is_own = dataset.name == "points"
    order = f"np.argsort(generator(2).uniform(size={len(dataset.points)}))"
    lines = [
        *([_points(dataset)] if dataset.points else []),
        f"sample = {_made(dataset)}",
        f"order = {order if is_own else f'generator(2).permutation({dataset.samples})'}",
        f"train, test = order[:{count}], order[{count}:]",
        "x_train, y_train = features_of(sample.inputs[train]), labels_of(sample.labels[train])",
        "x_test, y_test = features_of(sample.inputs[test]), labels_of(sample.labels[test])",
    ]
    if dataset.points and not is_own:
        lines += [
            "x_train = np.concatenate([x_train, features_of(points[:, :2])])",
            "y_train = np.concatenate([y_train, labels_of(points[:, 2])])",
        ]
    return "\n".join(lines)


def _made(dataset: DatasetSpec) -> str:
    noise, streams = repr(dataset.noise / 100), "generator(0), generator(1)"
    if dataset.name == "points":
        return f"own_points(points, {noise}, generator(1))"
    first = f"{dataset.classes}, " if dataset.name == "blobs" else ""
    if formula_of(dataset):
        first = f"law, {domain_of(dataset)!r}, " if dataset.name == "curve" else "law, "
    return f"{dataset.name}({first}{dataset.samples}, {noise}, {streams})"


def _points(dataset: DatasetSpec) -> str:
    rows = "".join(f"    [{x1!r}, {x2!r}, {label!r}],\n" for x1, x2, label in dataset.points)
    return f"points = np.array([  # x1, x2, label\n{rows}])"
