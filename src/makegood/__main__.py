"""`python -m makegood …`: the command line."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "makegood.config.settings")
    execute_from_command_line(["makegood", *sys.argv[1:]])


if __name__ == "__main__":
    main()
