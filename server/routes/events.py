"""/api/runs/ID/events: the open stream of a run."""

from flask import Blueprint, Response, request

from server.domain.errors import ServerFull
from server.services.runs import RunService
from server.services.streams import StreamService
from server.streaming.places import PlacedStream, StreamPlaces
from server.streaming.sse import HEADERS

RETRY_WHEN_FULL_S = 10


def events_blueprint(runs: RunService, streams: StreamService, places: StreamPlaces) -> Blueprint:
    """The route of event streams."""
    events = Blueprint("events", __name__)

    @events.get("/api/runs/<run_id>/events")
    def follow(run_id: str) -> Response:
        """The events of a run, from a cursor on, until it ends."""
        run = runs.get_run(run_id)
        raw_cursor = request.headers.get("Last-Event-ID") or request.args.get("after")
        if request.method == "HEAD":
            return Response(headers=HEADERS)
        if streams.is_over(run, raw_cursor):
            # A browser takes 204 as the order not to come back.
            return Response(status=204)
        if request.args.get("wait") == "0":
            return Response(streams.catch_up(run, raw_cursor), headers=HEADERS)
        if not places.take():
            raise ServerFull("All places for live pictures are taken. Try again in a moment.", RETRY_WHEN_FULL_S)
        try:
            stream = PlacedStream(streams.follow(run, raw_cursor), places)
        except BaseException:
            places.give_back()
            raise
        return Response(stream, headers=HEADERS, direct_passthrough=True)

    return events
