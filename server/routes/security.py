"""What every answer says to the browser about trust."""

from flask import Flask, Response, request

# TensorFlow.js compiles its WebAssembly kernels, which needs 'wasm-unsafe-eval'; nothing else is evaluated.
_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
    )
)

_PART_POLICY = "default-src 'none'"
"""Of files that are opened by themselves only by mistake: short, because a page sends for two hundred of them."""


def register_security(app: Flask) -> None:
    """Add the headers to every answer."""

    @app.after_request
    def add_headers(answer: Response) -> Response:
        answer.headers["Content-Security-Policy"] = _PART_POLICY if _is_part_of_a_page() else _POLICY
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Referrer-Policy"] = "same-origin"
        return answer


def _is_part_of_a_page() -> bool:
    """A module, a style or a picture obeys the policy of its page; a worker has its own."""
    return request.endpoint == "static" and not request.path.endswith(".worker.js")
