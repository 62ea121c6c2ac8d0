"""The kinds of statement and of amendment: the frozen code, and the name that people read."""

KINDS = {
    "comment": "Comment",
    "statement": "Statement",
    "press-release": "Press release",
    "response": "Consultation response",
    "speech": "Speech",
    "letter": "Open letter",
}

AMENDMENTS = {
    "typo": "Typing error",
    "clarification": "Clarification",
    "correction": "Correction",
    "retraction": "Retraction",
}
