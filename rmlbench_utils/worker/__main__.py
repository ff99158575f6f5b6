"""``python -m rmlbench_utils.worker FRAMEWORK [--list]``."""

import time

MAIN_NS = time.monotonic_ns()

import sys  # noqa: E402

from rmlbench_utils.worker.channel import Channel, Fault  # noqa: E402
from rmlbench_utils.worker.frameworks import FRAMEWORKS, listing  # noqa: E402
from rmlbench_utils.worker.session import run  # noqa: E402


def main(arguments: list[str]) -> int:
    """Run one job from standard input, or print the listing."""
    if not arguments or arguments[0] not in FRAMEWORKS or arguments[1:] not in ([], ["--list"]):
        sys.stderr.write(
            f"arguments are {arguments}: usage is FRAMEWORK [--list], "
            f"FRAMEWORK one of {', '.join(FRAMEWORKS)}\n"
        )
        return 2
    channel = Channel.take()
    if arguments[1:]:
        channel.send(listing(arguments[0]))
        return 0
    try:
        run(arguments[0], channel, MAIN_NS)
    except Fault as fault:
        channel.send(fault.event())
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
