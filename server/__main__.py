"""The command line: `neural-playground serve | train | worker`.

Each command imports what it needs when it runs: a worker process passes through this file and must not load the web.
"""

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

CANNOT_BE_USED = 2
OUR_FAULT = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code: 0 done, 2 the input cannot be used, 1 a fault of ours."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    command: Callable[[argparse.Namespace], int] = options.command
    return command(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="neural-playground", description="Watch a neural network learn, in the browser."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_serve(commands.add_parser("serve", help="serve the page"))
    _add_train(commands.add_parser("train", help="train a specification without a page"))
    _add_worker(commands.add_parser("worker", help="train for a scheduler that runs elsewhere"))
    return parser


def _add_serve(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (default: 8000; 0: any free one)")
    parser.add_argument("--data-dir", type=Path, metavar="DIR", help="folder for runs and files")
    parser.add_argument("--database", metavar="URL", help="SQLAlchemy address (default: SQLite in the data folder)")
    parser.add_argument("--scheduler", metavar="tcp://HOST:PORT", help="join a Dask scheduler that runs elsewhere")
    parser.add_argument("--workers", type=int, metavar="N", help="worker processes (default: one per core)")
    parser.set_defaults(command=_serve)


def _add_train(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("spec", type=Path, metavar="SPEC.json", help="the specification of the run")
    parser.add_argument("--epochs", type=int, metavar="N", help="epochs to train (wins over the specification)")
    parser.add_argument("--out", type=Path, metavar="DIR", default=Path("run"), help="folder to write (default: run)")
    parser.set_defaults(command=_train)


def _add_worker(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--scheduler", required=True, metavar="tcp://HOST:PORT", help="the scheduler to work for")
    parser.set_defaults(command=_work)


def _serve(options: argparse.Namespace) -> int:
    from server.config import InvalidSetting, settings_from
    from server.serving import CannotServe, serve

    names = ("host", "port", "data_dir", "database", "scheduler", "workers")
    try:
        settings = settings_from(os.environ, {name: getattr(options, name) for name in names})
        serve(settings, lambda sentence: print(sentence, flush=True))
    except (InvalidSetting, CannotServe) as error:
        print(error, file=sys.stderr)
        return CANNOT_BE_USED
    return 0


def _train(options: argparse.Namespace) -> int:
    from server.terminal import CannotTrain, train_in_terminal

    try:
        train_in_terminal(options.spec, options.epochs, options.out, sys.stderr)
    except CannotTrain as error:
        print(error, file=sys.stderr)
        return CANNOT_BE_USED
    return 0


def _work(options: argparse.Namespace) -> int:
    import asyncio

    from server.config import InvalidSetting, settings_from
    from server.scheduling.cluster import serve_worker

    try:
        asyncio.run(serve_worker(options.scheduler, settings_from(os.environ, {}).most_live_runs))
    except InvalidSetting as error:
        print(error, file=sys.stderr)
        return CANNOT_BE_USED
    except (OSError, ValueError, TimeoutError):
        print(f"No scheduler answers at {options.scheduler}.", file=sys.stderr)
        return CANNOT_BE_USED
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
