"""Makes the Russian networks that ship, `bot/kb/models/ru` and `ru_use`, from the packages that carry their weights:
`python -m benchmarks.encoder`.

Nothing is trained and nothing is drawn by chance: the same packages and the same shipped texts give the same files.
"""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.encoder import e5, universal
from bot.kb.encoder import MODELS

NETWORKS = {"ru": e5, "ru_use": universal}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=MODELS)
    parser.add_argument("--networks", nargs="*", choices=NETWORKS, default=list(NETWORKS))
    arguments = parser.parse_args()
    for name in arguments.networks:
        with TemporaryDirectory() as folder:
            scratch, out = Path(folder), arguments.out / name
            NETWORKS[name].make(NETWORKS[name].SOURCE.fetched(scratch), out, scratch)
            print(f"{name}: {sum(path.stat().st_size for path in out.iterdir()) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
