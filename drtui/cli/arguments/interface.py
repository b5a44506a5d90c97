"""Options that only the interface has."""

from drtui.cli.arguments.parser import Parser


def add_interface_options(command: Parser) -> None:
    """Add the options that only the interface has."""
    interface = command.add_argument_group("interface")
    interface.add_argument(
        "--plain",
        action="store_true",
        default=False,
        help="line by line, for screen readers and simple terminals",
    )
    interface.add_argument(
        "--allow-changes",
        action="store_true",
        default=False,
        help="allow changes of sites, each after a confirmation; without it a profile's changes = [...] decides",
    )
    interface.add_argument("--no-mouse", action="store_true", default=False, help="do not use the mouse")
    interface.add_argument("--theme", default="", metavar="NAME", help="the colours: textual-dark, ansi-light, nord, …")
