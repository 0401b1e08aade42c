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


def register_security(app: Flask) -> None:
    """Add the headers to every answer; the policy to all that a browser opens or runs by itself: pages and workers."""

    @app.after_request
    def add_headers(answer: Response) -> Response:
        answer.headers["X-Content-Type-Options"] = "nosniff"
        if request.endpoint == "static" and not request.path.endswith((".html", ".svg", ".worker.js")):
            return answer
        answer.headers["Content-Security-Policy"] = _POLICY
        answer.headers["Referrer-Policy"] = "same-origin"
        return answer
