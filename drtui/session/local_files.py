"""Files of the program itself, which belong to no site: log, crash report, output files and their folders.

Importing this module imports platformdirs: import it where a file is needed.
"""

from drtui.storage.file_io import PRIVATE, PUBLIC, write_output
from drtui.storage.log_file import begin_log, write_crash_report
from drtui.storage.paths import all_paths

__all__ = ["PRIVATE", "PUBLIC", "all_paths", "begin_log", "write_crash_report", "write_output"]
