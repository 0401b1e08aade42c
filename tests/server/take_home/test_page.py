"""The one page: everything is in it, it may load nothing, and no name becomes code."""

import base64
import gzip
import hashlib
import json

import pytest

from server.assets import assets_dir
from server.take_home.page import MOST_FOR_SCRIPT, PageParts, as_data, page_parts
from tests.server.take_home.models import PICTURES, make_about, make_files

STATIC = assets_dir("static")
LARGE = {
    "dataset": {"name": "cifar10", "samples": 100},
    "layers": [{"kind": "conv2d", "filters": 64, "padding": "same"}] * 2 + [{"kind": "global_average_pooling2d"}],
}
EVIL = "</script><script>alert(1)</script><!--"


def _parts(**changes: object) -> PageParts:
    return page_parts(make_about(**(changes or PICTURES)), make_files(), STATIC)


def test_the_network_is_in_the_page_with_the_names_of_its_classes() -> None:
    data = json.loads(_parts().data)

    assert base64.b64decode(data["weights"]) == b"first second"
    assert data["model"] == json.loads(make_files()["model.json"])
    assert (data["kind"], data["shape"], data["epoch"]) == ("image", [8, 8, 1], 3)
    assert data["classes"] == list("0123456789")


def test_a_few_rows_of_the_probe_are_enough() -> None:
    probe = json.loads(_parts().data)["probe"]

    assert probe["inputs"] == [{"shape": [4, 2], "dtype": "float32", "data": list(range(8))}]
    assert probe["outputs"] == [{"shape": [4, 1], "dtype": "float32", "data": list(range(4))}]


def test_it_speaks_every_language_of_the_page() -> None:
    texts = json.loads(_parts().data)["texts"]

    assert texts.keys() == {path.stem for path in (STATIC / "locales").glob("*.json")}
    assert {"offline.foot", "images.draw.clear", "images.answer", "check.equal", "dataset.digits"} <= texts["fr"].keys()


def test_its_policy_lets_in_its_own_scripts_and_styles_and_nothing_else() -> None:
    parts = _parts()
    policy = dict(part.strip().split(" ", 1) for part in parts.policy.split(";"))

    def named(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    assert policy == {
        "default-src": "'none'",
        "script-src": " ".join(map(named, parts.scripts)),
        "style-src": named(parts.styles),
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def test_styles_ask_for_no_file() -> None:
    styles = _parts().styles

    assert ".draw__sheet" in styles
    assert "url(" not in styles
    assert "@import" not in styles


def test_no_script_or_style_holds_what_would_end_it() -> None:
    for text in (*_parts().scripts, *_parts(**LARGE).scripts):
        assert "</script" not in text.lower()
        assert "<!--" not in text
    assert "</style" not in _parts().styles.lower()


def test_names_stay_data() -> None:
    data = page_parts(make_about(classes=(EVIL,) * 10, **PICTURES), make_files(), STATIC).data

    assert "<" not in data
    assert json.loads(data)["classes"] == [EVIL] * 10
    assert json.loads(as_data({"name": f"\u2028{EVIL}"})) == {"name": f"\u2028{EVIL}"}


def test_a_large_network_brings_kernels_and_a_small_one_stays_small() -> None:
    small, large = _parts(), _parts(**LARGE)
    assert small.kernels is None
    assert large.kernels is not None
    assert gzip.decompress(base64.b64decode(large.kernels))[:4] == b"\0asm"
    assert "'wasm-unsafe-eval'" in large.policy
    assert sum(map(len, small.scripts)) < 900_000


@pytest.mark.parametrize("layers", [8, 1])
def test_the_plane_is_asked_in_many_places_at_once(layers: int) -> None:
    """A picture of the plane is thousands of answers."""
    parts = _parts(layers=[{"units": 40}] * layers)
    products = 2_500 * (2 * 40 + (layers - 1) * 40 * 40 + 40)

    assert (parts.kernels is not None) == (products > MOST_FOR_SCRIPT)
