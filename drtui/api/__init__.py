"""The client of the Enterprise Administrator API; the only room that speaks HTTP."""

import sys

# Where click is installed, httpx loads a command line of its own, and rich and Pygments with it: half of the time that
# it takes. It goes without as if click were not there.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
