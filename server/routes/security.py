"""What every answer says to the browser about trust."""

from collections.abc import Sequence

from flask import Flask, Response, request

# TensorFlow.js compiles its WebAssembly kernels, which needs 'wasm-unsafe-eval'; nothing else is evaluated.
_POLICY = (
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
)

_PART_POLICY = "default-src 'none'"
"""Of files that are opened by themselves only by mistake: short, because a page sends for two hundred of them."""

_KEYWORDS = frozenset({"self", "none"})


def register_security(app: Flask, frame_ancestors: Sequence[str] = ("self",)) -> None:
    """Add the headers to every answer; `frame_ancestors` are the origins whose pages may hold ours in a frame."""
    policy = page_policy(frame_ancestors)

    @app.after_request
    def add_headers(answer: Response) -> Response:
        answer.headers.update(trust_headers(_PART_POLICY if _is_part_of_a_page() else policy))
        return answer


def page_policy(frame_ancestors: Sequence[str]) -> str:
    """What a page may load, and who may hold it in a frame: `self`, `none`, or origins such as `https://school.example`."""
    sources = " ".join(f"'{source}'" if source in _KEYWORDS else source for source in frame_ancestors)
    return "; ".join((*_POLICY, f"frame-ancestors {sources}"))


def trust_headers(policy: str = _PART_POLICY) -> dict[str, str]:
    """The headers of every answer; without a policy those of an answer that loads nothing."""
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
    }


def _is_part_of_a_page() -> bool:
    """A module, a style or a picture obeys the policy of its page; a worker has its own."""
    return request.endpoint == "static" and not request.path.endswith(".worker.js")
