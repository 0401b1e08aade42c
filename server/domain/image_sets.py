"""The sets of labelled pictures that are known by name; their pictures lie in the data folder once they were got."""

from dataclasses import dataclass

from server.domain.spec import DatasetName


@dataclass(frozen=True)
class ImageSet:
    """What is known before anything was got; `download_bytes` is what has to come from the internet."""

    title: str
    shape: tuple[int, int, int]
    classes: tuple[str, ...]
    download_bytes: int


_DIGITS = tuple("0123456789")

IMAGE_SETS: dict[DatasetName, ImageSet] = {
    "mnist": ImageSet("MNIST", (28, 28, 1), _DIGITS, 11_490_434),
    "fashion_mnist": ImageSet(
        "Fashion-MNIST",
        (28, 28, 1),
        (
            "T-shirt/top",
            "Trouser",
            "Pullover",
            "Dress",
            "Coat",
            "Sandal",
            "Shirt",
            "Sneaker",
            "Bag",
            "Ankle boot",
        ),
        30_878_645,
    ),
    "cifar10": ImageSet(
        "CIFAR-10",
        (32, 32, 3),
        ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
        170_498_071,
    ),
}
