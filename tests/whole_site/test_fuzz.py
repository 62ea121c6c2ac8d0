"""No request to a public route, however strange, is answered with a 5xx.

`python -m bench.fuzz 100000` sends more of the same.
"""

import pytest
from hypothesis import HealthCheck, given, settings

from tests.hypothesis_profiles import scale_examples
from tests.whole_site.random_requests import FuzzRequest, fuzz_requests

pytestmark = pytest.mark.django_db


@settings(max_examples=scale_examples(120), suppress_health_check=list(HealthCheck))
@given(request_=fuzz_requests())
def test_no_request_is_an_error(client, request_: FuzzRequest):
    assert request_.send(client).status_code < 500
