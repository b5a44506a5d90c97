"""Client of the Enterprise Administrator API. No other package speaks HTTP."""

import os
import sys

# With click installed, httpx also loads its own command line, rich and Pygments, which is half of its import time. A
# stand-in for httpx._main prevents that.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]

# httpx always imports socksio, but only a SOCKS proxy named by an environment variable needs it.
if not any(value.strip().lower().startswith("socks") for name, value in os.environ.items() if "proxy" in name.lower()):
    sys.modules.setdefault("socksio", None)  # type: ignore[arg-type]
