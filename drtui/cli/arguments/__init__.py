"""The arguments of the commands, one module for each family; `add_…` adds those of a command to its parser."""
