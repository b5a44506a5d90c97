"""The client of the Enterprise Administrator API; the only room that speaks HTTP."""

import os
import sys

# Where click is installed, httpx loads a command line of its own, and rich and Pygments with it: half of the time that
# it takes. It goes without as if click were not there.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]

# socksio, which httpx would load in any case, is needed only where a variable names a SOCKS proxy.
if not any(value.strip().lower().startswith("socks") for name, value in os.environ.items() if "proxy" in name.lower()):
    sys.modules.setdefault("socksio", None)  # type: ignore[arg-type]
