"""A proxy in front of the server tells who asks; without one nobody is believed.

Trusted are the address (X-Forwarded-For), the scheme (-Proto) and the prefix under which the proxy shows the server
(-Prefix), as many hops from the right as there are proxies. Not the name (X-Forwarded-Host): a stranger's page that
reached us by DNS rebinding could send that header itself, through a proxy that passes on what it does not know. The
proxy has to pass on `Host`.
"""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix


def register_proxies(app: Flask, count: int) -> None:
    """Believe so many proxies in front of the server; none with 0."""
    if count:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign] # as Flask's documentation shows it
            app.wsgi_app, x_for=count, x_proto=count, x_host=0, x_port=0, x_prefix=count
        )
