"""HTTP only: read the request, call one service, write the answer."""
