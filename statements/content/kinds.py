"""The kinds of statement: the slug that is frozen, and the name that people read."""

KINDS = {
    "comment": "Comment",
    "statement": "Statement",
    "press-release": "Press release",
    "response": "Consultation response",
    "speech": "Speech",
    "letter": "Open letter",
}
