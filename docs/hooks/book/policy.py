"""Let a page load and run nothing but what the site itself has, by a Content-Security-Policy.

Pages have no scripts of ours in their text. The theme has a few, which are allowed by their
hashes; styles may stand in the text, since figures use them.
"""

import base64
import hashlib
import re

LIVE = "live/start.js"
"""What a page with live cells loads; such a page may run WebAssembly, in a worker from text."""
SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def state(output: str) -> str:
    """Write the policy into the head of a page, above all that it is about."""
    scripts = dict.fromkeys(_hash(script) for script in SCRIPT.findall(output))
    live = LIVE in output
    policy = "; ".join(
        [
            "default-src 'self'",
            " ".join(["script-src 'self'", *scripts, *["'wasm-unsafe-eval'"] * live]),
            *["worker-src 'self' blob:"] * live,
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return re.sub(r"<meta charset=[^>]*>", lambda first: first[0] + meta, output, count=1)


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
