"""The kinds of statement: the slug in frozen content, and the label for readers."""

KINDS = {
    "comment": "Comment",
    "statement": "Statement",
    "press-release": "Press release",
    "response": "Consultation response",
    "speech": "Speech",
    "letter": "Open letter",
}
