"""`python -m bot` is `zeroline`."""

from bot.cli import main

if __name__ == "__main__":
    main()
