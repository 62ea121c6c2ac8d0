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
    "typo": "Typo",
    "update": "Update",
    "clarification": "Clarification",
    "correction": "Correction",
    "retraction": "Retraction",
}

PUBLIC_AMENDMENTS = AMENDMENTS | {"update": "Updated"}
"""What readers see of it: an update is no fault, and says only that there is something new."""
