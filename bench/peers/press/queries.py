"""Print how many queries each address takes, on either site: python press/queries.py ADDRESS…"""

import sys

import django


def main(*addresses: str) -> None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="127.0.0.1")
    for address in addresses:
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200, address
        sys.stdout.write(f"{len(queries)}\n")


if __name__ == "__main__":
    django.setup()
    main(*sys.argv[1:])
