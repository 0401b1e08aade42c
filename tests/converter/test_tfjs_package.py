"""Single modules of tensorflowjs load without the rest of the package."""

import subprocess
import sys
import textwrap

import pytest

from converter.tfjs_package import load_submodule, package_folder


def _loaded_after(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_folder_of_the_package_holds_the_lists_of_operations() -> None:
    assert (package_folder() / "op_list" / "arithmetic.json").is_file()


def test_quantization_loads_without_tensorflow_and_without_the_rest_of_the_package() -> None:
    code = """
        import sys
        from converter.tfjs_package import load_submodule
        quantization = load_submodule("quantization")
        assert quantization.QUANTIZATION_DTYPE_FLOAT16 == "float16"
        print(sorted({name.split(".")[0] for name in sys.modules} & {"tensorflow", "tensorflowjs", "jax", "keras"}))
    """
    assert _loaded_after(code) == "[]"


def test_a_module_that_imports_others_of_the_package_gets_them_alone() -> None:
    code = """
        import sys
        from converter.tfjs_package import load_submodule
        assert load_submodule("converters.fuse_prelu").fuse_ops_for_prelu
        print(sorted({name.split(".")[0] for name in sys.modules}
                     & {"tensorflowjs", "flax", "tensorflow_decision_forests", "tensorflow_hub"}))
    """
    assert _loaded_after(code) == "[]"


def test_a_module_is_loaded_once() -> None:
    assert load_submodule("quantization") is load_submodule("quantization")


def test_a_module_that_is_not_there_is_said_to_be_missing() -> None:
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        load_submodule("no_such_module")
    assert "tensorflowjs" not in sys.modules
