"""Does the web server of this container say that it is alive? Exit code 0 if so.

Asks under the name of `BASE_URL`, since the application answers to no other.
"""

import http.client
import os
import sys
from urllib.parse import urlsplit


def alive(port: int, host: str) -> bool:
    """Whether `/healthz` answers 200 within four seconds."""
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        asking.request("GET", "/healthz", headers={"Host": host})
        return asking.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        asking.close()


if __name__ == "__main__":
    address = urlsplit(os.environ.get("BASE_URL", "http://localhost:8000"))
    sys.exit(0 if alive(8000, address.netloc) else 1)
