"""The command line: `neural-playground serve | train | images | scheduler | worker`.

Each command imports what it needs when it runs: a worker process passes through this file and must not load the web.
"""

import argparse
import os
import sys
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from server.log_lines import configure_log

if TYPE_CHECKING:
    from server.config import Settings

CANNOT_BE_USED = 2
OUR_FAULT = 1
INTERRUPTED = 130

CLUSTER_OPTIONS = ("tls_ca", "tls_cert", "tls_key", "insecure_cluster")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code: 0 done, 2 the input cannot be used, 1 a fault of ours."""
    options = _parser().parse_args(arguments)
    configure_log("text")
    command: Callable[[argparse.Namespace], int] = options.command
    return command(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="neural-playground", description="Watch a neural network learn, in the browser."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_serve(commands.add_parser("serve", help="serve the page"))
    _add_train(commands.add_parser("train", help="train a specification without a page"))
    _add_images(commands.add_parser("images", help="labelled pictures in the data folder"))
    _add_scheduler(commands.add_parser("scheduler", help="bring a server and workers on other machines together"))
    _add_worker(commands.add_parser("worker", help="train for a scheduler that runs elsewhere"))
    return parser


def _add_serve(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (default: 8000; 0: any free one)")
    parser.add_argument("--data-dir", type=Path, metavar="DIR", help="folder for runs and files")
    parser.add_argument("--database", metavar="URL", help="SQLAlchemy address (default: SQLite in the data folder)")
    parser.add_argument("--scheduler", metavar="tls://HOST:PORT", help="join a scheduler that runs elsewhere")
    parser.add_argument("--workers", type=int, metavar="N", help="worker processes (default: one per core)")
    parser.add_argument("--trusted-hosts", metavar="NAMES", help="names under which pupils may open it, with commas")
    parser.add_argument("--frame-ancestors", metavar="ORIGINS", help="whose pages may hold the page in a frame")
    parser.add_argument("--behind-proxy", type=int, metavar="N", help="proxies in front of the server (default: 0)")
    _add_cluster_options(parser)
    parser.set_defaults(command=_serve)


def _add_train(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("spec", type=Path, metavar="SPEC.json", help="the specification of the run")
    parser.add_argument("--epochs", type=int, metavar="N", help="epochs to train (wins over the specification)")
    parser.add_argument("--out", type=Path, metavar="DIR", default=Path("run"), help="folder to write (default: run)")
    parser.add_argument(
        "--data-dir", type=Path, metavar="DIR", help="where pictures are (default: the user's data folder)"
    )
    parser.set_defaults(command=_train)


def _add_images(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(required=True, metavar="ACT", dest="act")
    add = acts.add_parser("add", help="make a collection of a zip file or a folder of class folders")
    add.add_argument("source", type=Path, metavar="ZIP_OR_FOLDER")
    add.add_argument("--name", default="", help="what it is called in the list")
    add.add_argument("--size", metavar="PIXELS", help="side of the pictures, 8 to 128 (default: by the pictures)")
    add.add_argument("--colour", metavar="auto|grey|rgb", help="colours or shades of grey (default: by the pictures)")
    prepare = acts.add_parser("prepare", help="get a known set from files in the data folder, or from the internet")
    prepare.add_argument("set", metavar="mnist|fashion_mnist|cifar10")
    acts.add_parser("list", help="what there is")
    remove = acts.add_parser("remove", help="remove a collection")
    remove.add_argument("collection", metavar="COLLECTION", help="a name of the list")
    for act in acts.choices.values():
        act.add_argument("--data-dir", type=Path, metavar="DIR", help="folder for runs and files")
    parser.set_defaults(command=_handle_images)


def _add_scheduler(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8786, help="port to listen on (default: 8786)")
    _add_cluster_options(parser)
    parser.set_defaults(command=_schedule)


def _add_worker(parser: argparse.ArgumentParser) -> None:
    address = os.environ.get("NEURAL_PLAYGROUND_SCHEDULER")
    parser.add_argument(
        "--scheduler",
        metavar="tls://HOST:PORT",
        default=address,
        required=not address,
        help="the scheduler to work for",
    )
    parser.add_argument("--processes", type=int, default=1, metavar="N", help="worker processes (default: 1)")
    parser.add_argument("--name", help="what the workers are called (default: the name of this machine)")
    parser.add_argument("--host", help="address to listen on (default: the one that leads to the scheduler)")
    parser.add_argument(
        "--first-port", type=int, metavar="PORT", help="first of 2 x N ports to listen on (default: any free ones)"
    )
    _add_cluster_options(parser)
    parser.set_defaults(command=_work)


def _add_cluster_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tls-ca", type=Path, metavar="FILE", help="authority that signed the cluster's certificates")
    parser.add_argument("--tls-cert", type=Path, metavar="FILE", help="certificate of this machine for the cluster")
    parser.add_argument("--tls-key", type=Path, metavar="FILE", help="key of that certificate")
    parser.add_argument(
        "--insecure-cluster",
        action="store_const",
        const=True,
        help="allow other machines without TLS: whoever reaches the ports can run programs",
    )


def _serve(options: argparse.Namespace) -> int:
    from server.config import InvalidSetting, settings_from
    from server.serving import CannotServe, serve

    doors = ("trusted_hosts", "frame_ancestors", "behind_proxy")
    names = ("host", "port", "data_dir", "database", "scheduler", "workers", *doors, *CLUSTER_OPTIONS)
    try:
        settings = settings_from(os.environ, {name: getattr(options, name) for name in names})
        configure_log(settings.log_format)
        serve(settings, _say)
    except (InvalidSetting, CannotServe) as error:
        print(error, file=sys.stderr)
        return CANNOT_BE_USED
    return 0


def _train(options: argparse.Namespace) -> int:
    from server.processor import prepare_processor

    # Before NumPy is loaded, which the terminal's own imports do: it reads the number of its threads only then.
    prepare_processor()
    from server.config import InvalidSetting, settings_from
    from server.terminal import CannotTrain, train_in_terminal

    try:
        images_dir = settings_from(os.environ, {"data_dir": options.data_dir}).images_dir
        train_in_terminal(options.spec, options.epochs, options.out, sys.stderr, images_dir)
    except (InvalidSetting, CannotTrain) as error:
        print(error, file=sys.stderr)
        return CANNOT_BE_USED
    return 0


def _handle_images(options: argparse.Namespace) -> int:
    from server.config import InvalidSetting, settings_from
    from server.domain.errors import PublicError
    from server.images_terminal import ImagesTerminal

    try:
        settings = settings_from(os.environ, {"data_dir": options.data_dir})
        terminal = ImagesTerminal(settings, sys.stdout, sys.stderr)
        if options.act == "add":
            terminal.add(options.source, options.name, options.size, options.colour)
        elif options.act == "prepare":
            terminal.prepare(options.set)
        elif options.act == "list":
            terminal.list_all()
        else:
            terminal.remove(options.collection)
    except (InvalidSetting, PublicError) as error:
        print(error, file=sys.stderr)
        return OUR_FAULT if getattr(error, "code", "") == "unavailable" else CANNOT_BE_USED
    except KeyboardInterrupt:
        print("Stopped; nothing was written.", file=sys.stderr)
        return INTERRUPTED
    return 0


def _schedule(options: argparse.Namespace) -> int:
    from server.scheduling.scheduler import serve_scheduler

    def schedule(settings: "Settings") -> Coroutine[Any, Any, None]:
        return serve_scheduler(options.host, options.port, settings, _say)

    return _be_in_cluster(options, schedule)


def _work(options: argparse.Namespace) -> int:
    from server.scheduling.worker_host import WorkerHost, name_of_this_machine, serve_workers

    def work(settings: "Settings") -> Coroutine[Any, Any, None]:
        name = options.name or name_of_this_machine()
        offer = WorkerHost(options.scheduler, name, options.processes, options.host, options.first_port)
        return serve_workers(offer, settings, _say)

    return _be_in_cluster(options, work)


def _be_in_cluster(options: argparse.Namespace, begin: "Callable[[Settings], Coroutine[Any, Any, None]]") -> int:
    """Run until a signal; the settings are those that a cluster's processes have in common."""
    import asyncio

    from server.config import InvalidSetting, settings_from
    from server.scheduling.encryption import UnusableCluster

    try:
        settings = settings_from(os.environ, {name: getattr(options, name) for name in CLUSTER_OPTIONS})
        # Again: Dask has set up a log of its own while it was loaded.
        configure_log(settings.log_format)
        asyncio.run(begin(settings))
    except (InvalidSetting, UnusableCluster) as error:
        print(error, file=sys.stderr)
        return CANNOT_BE_USED
    return 0


def _say(sentence: str) -> None:
    print(sentence, flush=True)


if __name__ == "__main__":
    sys.exit(main())
