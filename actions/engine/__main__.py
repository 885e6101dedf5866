"""`python -m actions.engine …`: the `rasa` command without TensorFlow, patched, on loopback, behind a token."""

import os
import sys

from actions.engine import no_tensorflow

LOOPBACK = ("127.0.0.1", "::1", "localhost")
SECRET = "ZEROLINE_RASA__SECRET"


def served(arguments: list[str]) -> list[str]:
    """The arguments of `rasa run` with loopback and the token of Rasa's own API added; the token never is in `ps`.

    Error: SystemExit with a sentence, when another interface is asked for or no secret is set.
    """
    flag = next((name for name in ("-i", "--interface") if name in arguments), None)
    if flag is None:
        arguments = [*arguments, "--interface", LOOPBACK[0]]
    elif arguments[arguments.index(flag) + 1] not in LOOPBACK:
        raise SystemExit("Rasa listens on loopback only: leave --interface out.")
    if not os.environ.get(SECRET):
        raise SystemExit(f"Set {SECRET}: without it anyone on this machine could speak as a customer.")
    # One word, so that a secret may begin with a dash.
    return [*arguments, f"--auth-token={os.environ[SECRET]}"]


def main() -> None:
    """Run Rasa's command line in this process."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["run"]:
        arguments = served(arguments)
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    # Training takes seconds; Rasa's cache of its parts would only leave a `.rasa` folder behind.
    os.environ.setdefault("RASA_MAX_CACHE_SIZE", "0")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    no_tensorflow.install()
    from actions.engine import lean, speed, strict  # noqa: PLC0415  imports Rasa, which needs the hook

    no_tensorflow.forbid_components()
    speed.apply()
    strict.apply()
    lean.check()
    from rasa.__main__ import main as rasa  # noqa: PLC0415

    sys.argv = ["rasa", *arguments]
    rasa()


if __name__ == "__main__":
    main()
