from collections.abc import Callable
from threading import RLock

from django.http import HttpRequest, HttpResponse


class OneAtATime:
    """A browser asks for several pages at once, and a database in memory has one connection.

    Threads that share it would step into each other's transactions.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.turn = RLock()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with self.turn:
            return self.get_response(request)
