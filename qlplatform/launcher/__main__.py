"""`python -m qlplatform.launcher run|test|bench`; bin/run, bin/test and bin/bench call it."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from importlib import import_module

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qlplatform.settings.dev")
os.environ.setdefault("QL_BEGAN", f"{time.time():.0f}")
os.environ.setdefault("QL_DOWNLOADED", os.environ["QL_BEGAN"])


def main() -> None:
    """Read the command line and do what it says; SIGTERM and SIGHUP end it as cleanly as Ctrl-C."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(143))
    asked = _parser().parse_args()
    try:
        asked.call(asked)
    except KeyboardInterrupt:
        sys.exit(130)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="qlplatform.launcher")
    commands = parser.add_subparsers(required=True)
    run = commands.add_parser("run", prog="bin/run", help="run the platform until Ctrl-C")
    run.add_argument("--port", help="port of the pages (8000); the next two are taken as well")
    run.set_defaults(call=_run)
    test = commands.add_parser("test", prog="bin/test", help="run every check, or one part")
    test.add_argument("part", nargs="?", default="all")
    test.add_argument("more", nargs=argparse.REMAINDER, help="arguments for pytest")
    test.set_defaults(call=_test)
    bench = commands.add_parser("bench", prog="bin/bench", help="measure, one JSON object a line")
    bench.add_argument("name", nargs="?", default="")
    bench.add_argument("more", nargs=argparse.REMAINDER, help="arguments of the benchmark")
    bench.set_defaults(call=_bench)
    return parser


def _run(asked: argparse.Namespace) -> None:
    """Reading the settings first: a wrong one stops here, before anything has started."""
    from qlplatform.launcher.run import run  # noqa: PLC0415 - each command imports only what it needs
    from qlplatform.settings import reading  # noqa: PLC0415

    if asked.port:
        os.environ["QL_PORT"] = asked.port
    port = reading.number("QL_PORT", 8000, least=1, most=65533)
    import_module(os.environ["DJANGO_SETTINGS_MODULE"])
    run(port)


def _test(asked: argparse.Namespace) -> None:
    from qlplatform.launcher.test import test  # noqa: PLC0415

    sys.exit(test(asked.part, asked.more))


def _bench(asked: argparse.Namespace) -> None:
    from qlplatform.launcher.bench import bench  # noqa: PLC0415

    bench(asked.name, asked.more)


if __name__ == "__main__":
    main()
