"""Whatever is asked of a public route, in whatever form: an answer, and never an error of ours.

`python -m bench.fuzz 100000` asks more of the same.
"""

import pytest
from hypothesis import HealthCheck, given, settings

from tests.whole_site.random_requests import FuzzRequest, fuzz_requests

pytestmark = pytest.mark.django_db


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(question=fuzz_requests())
def test_no_question_is_an_error(client, question: FuzzRequest):
    assert question.send(client).status_code < 500
