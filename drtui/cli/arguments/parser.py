"""A parser whose errors have one line, suggest what was meant, and never repeat a secret."""

import argparse
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from importlib import import_module
from typing import Any, NoReturn

from drtui.cli.exit_codes import CommandError


class LazyChoices:
    """Choices of an option, a value of a module that is imported only when a word is checked or the help printed."""

    def __init__(self, module: str, name: str) -> None:
        self._module, self._name = module, name

    def __iter__(self) -> Iterator[str]:
        words: Iterable[str | Enum] = getattr(import_module(self._module), self._name)
        return (word.value if isinstance(word, Enum) else word for word in words)

    def __contains__(self, word: object) -> bool:
        return word in tuple(self)


SECRET_OPTIONS = {"--token": "token", "--tok": "token", "--passc": "passcode", "--pass": "password", "--pw": "password"}
"""Prefixes of options that people try with a secret as the value, and the kind of secret they mean."""


DEFAULT_INTERVAL = "60s"
"""The interval of `--watch` without a value."""

LONGEST_OPTION = 24
"""The longest name of an unknown option that an error repeats, characters."""


class Parser(argparse.ArgumentParser):
    """A parser that raises an error of one line.

    Options are never abbreviated, and an error never repeats the value of an unknown option: `--token X`
    would otherwise be taken for `--token-file X`, and X printed.
    """

    repeated_option = ""
    """An option whose value is a duration that may be left out; empty if there is none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "allow_abbrev": False})

    def parse_known_args(self, args: Sequence[str] | None = None, namespace: Any = None) -> tuple[Any, list[str]]:  # type: ignore[override]
        """Parse the arguments; the first unknown option is an error."""
        words = list(sys.argv[1:] if args is None else args)
        groups = (action for action in self._actions if isinstance(action, argparse._SubParsersAction))  # noqa: SLF001
        commands = {name for group in groups for name in group.choices}
        for word in words:
            if word == "--" or word in commands:  # the parser of a command checks the options after it
                break
            if _is_option(word) and not self._has_option(word):
                self.error(self._unknown_option_error(word))
        return super().parse_known_args(self._with_intervals(words), namespace)

    def _with_intervals(self, words: list[str]) -> list[str]:
        """Return the words with the default value after `--watch`, if none follows: a TARGET may follow, too."""
        option = self.repeated_option
        if not option or option not in words:
            return words
        place = words.index(option)
        if "--" in words[:place] or re.fullmatch(
            r"(\d+(\.\d+)?\s*(min|[smhdw]))+", " ".join(words[place + 1 : place + 2])
        ):
            return words
        return [*words[:place], f"{option}={DEFAULT_INTERVAL}", *words[place + 1 :]]

    def format_help(self) -> str:
        """Return the help; its first line names the positional arguments, and the options follow below."""
        words = " ".join(_placeholder(action) for action in self._get_positional_actions())
        self.usage = " ".join(filter(None, (self.prog, words, "[options]")))
        return super().format_help()

    def error(self, message: str) -> NoReturn:
        """Raise the error as one line, without the values that argparse repeats."""
        text = re.sub(r"ignored explicit argument .*", "it takes no value", message, flags=re.DOTALL)
        text = text.replace("the following arguments are required:", "missing")
        if text.startswith("unrecognized arguments:"):
            text = re.sub(r" -.*", " (options after --)", text, flags=re.DOTALL)
            text = text.replace("unrecognized arguments:", "too many arguments:")
        end = "" if text.endswith((".", "?")) else "."
        raise CommandError(f"{text[:1].upper()}{text[1:]}{end} See {self.prog} --help.")

    def _has_option(self, word: str) -> bool:
        """True if the word is an option of this parser, with or without `=VALUE`."""
        options = self._option_string_actions
        return word.partition("=")[0] in options or (not word.startswith("--") and word[:2] in options)

    def _unknown_option_error(self, word: str) -> str:
        """Return the error for an unknown option: its name, never its value."""
        from difflib import get_close_matches

        options = self._option_string_actions
        named = re.match(r"--[a-z][a-z-]*|-[A-Za-z]", word)
        name = named[0][:LONGEST_OPTION] if named else ""
        secret = next((option for option in SECRET_OPTIONS if name.startswith(option)), "")
        near = get_close_matches(name, options, n=1, cutoff=0.8)
        kind = SECRET_OPTIONS.get(secret, "")
        if near and name != f"--{kind}":
            return f"unknown option {name[: len(near[0]) + 2]}. Did you mean {near[0]}?"
        if not secret:
            return f"unknown option {name}" if name else "unknown option, whose name is not repeated here"
        written = name if name == f"--{kind}" else secret
        advice = f". Give --{kind}-file FILE (- for standard input)" if f"--{kind}-file" in options else ""
        return f"unknown option {written}: no option takes a secret as its value{advice}"

    def _match_arguments_partial(self, actions: Sequence[argparse.Action], arg_strings_pattern: str) -> list[int]:
        """Return how many words each positional takes; an optional one waits if words follow after options.

        argparse before 3.12.7 gives TARGET nothing in `create NAME --for 30d TARGET`, and then does not know TARGET.
        """
        counts = super()._match_arguments_partial(actions, arg_strings_pattern)
        while counts and counts[-1] == 0 and "A" in arg_strings_pattern[sum(counts) :]:
            counts.pop()
        return list(counts)

    def _check_value(self, action: argparse.Action, value: object) -> None:
        """Check a choice; name the most similar one, or all if none is."""
        if action.choices is None or value in action.choices:
            return
        from difflib import get_close_matches

        choices = [str(choice) for choice in action.choices]
        near = get_close_matches(str(value).lower(), choices, n=1)
        advice = f"Did you mean {near[0]}?" if near else f"Use {', '.join(choices)}."
        name = action.option_strings[-1] if action.option_strings else str(action.metavar or action.dest)
        raise argparse.ArgumentError(None, f"unknown value {value!r} of {name}. {advice}")


def _placeholder(action: argparse.Action) -> str:
    """Return how a positional argument stands in the usage."""
    name = str(action.metavar or action.dest)
    return {"?": f"[{name}]", "*": f"[{name} ...]"}.get(str(action.nargs), name)


def _is_option(word: str) -> bool:
    """True if argparse takes the word for an option: not `-`, a negative number, or a text with a blank."""
    return word.startswith("-") and word != "-" and " " not in word and not re.fullmatch(r"-\d+|-\d*\.\d+", word)
