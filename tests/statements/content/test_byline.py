"""Who speaks, in one line."""

from statements.content.byline import MAX_BYLINE_CHARS, describe_speaker, make_byline

DAVE = {"name": "Dave Hill", "slug": "dave-hill", "role": "President", "organisation": None}
JANE = {"name": "Jane Roe", "slug": "jane-roe", "role": "Chair", "organisation": {"name": "ADCS"}}


def content(*speakers: dict | None) -> dict:
    return {"blocks": [{"speaker": speaker} for speaker in speakers]}


def test_one_speaker_is_named_with_the_role():
    assert make_byline(content(DAVE, None, DAVE)) == "Dave Hill, President"


def test_several_speakers_are_named_in_order_without_roles():
    assert make_byline(content(JANE, DAVE, JANE)) == "Jane Roe, Dave Hill"


def test_narration_has_no_byline():
    assert make_byline(content(None)) == ""


def test_a_byline_fits_its_column():
    long = DAVE | {"role": "R" * 600}
    assert len(make_byline(content(long))) == MAX_BYLINE_CHARS


def test_a_speaker_is_described_with_role_and_organisation():
    assert describe_speaker(JANE) == "Jane Roe, Chair, ADCS"
    assert describe_speaker(DAVE) == "Dave Hill, President"
