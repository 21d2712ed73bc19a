"""`python -m embedkit` is the command `embedkit`."""

from embedkit_cli.start import main

if __name__ == "__main__":
    main()
