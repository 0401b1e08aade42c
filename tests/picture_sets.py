"""Collections of pictures in a folder, small ones in which there is something to be learned."""

import json
from pathlib import Path

import numpy as np

from server.datasets.collections import Collection, Library


def write_collection(root: Path, name: str, shape: tuple[int, int, int], train: int, test: int) -> Library:
    """Random pictures of ten classes; in those of class n, row n is bright."""
    generator = np.random.default_rng(0)
    labels = (np.arange(train + test) % 10).astype(np.uint16)
    pictures = generator.integers(0, 128, (train + test, *shape), np.uint8)
    pictures[np.arange(train + test), labels % shape[0]] += 100
    folder = root / name
    folder.mkdir(parents=True)
    np.save(folder / "pictures.npy", pictures)
    np.save(folder / "labels.npy", labels)
    about = Collection(name, shape, tuple(f"class {index}" for index in range(10)), train, test)
    (folder / "collection.json").write_text(json.dumps(about.to_payload()))
    return Library(root)
