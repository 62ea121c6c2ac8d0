"""Provide sample data: a small press office with ten years of statements and work in hand.

    words/        the documents, each as its author would send it
    cast.py       speakers, organisations, themes and accounts
    story.py      what happens to each document, and when
    settings.py   the house style, a sensitive period, and a chart
    load.py       reads the documents and replays the story through `workflow`

The comment of the Association of Directors of Children's Services is real, in its own words. All
other organisations and people are invented, with telephone numbers that Ofcom reserves for drama.
"""
