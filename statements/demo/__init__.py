"""The demonstration: a small press office with ten years behind it and a full desk today.

    words/     the documents, each as its author would have sent it
    cast.py    who speaks, who publishes, what it is filed under, who works on the newsdesk
    story.py   what became of each document, and when
    house.py   its style list, a sensitive period, and a chart that is drawn here
    load.py    reads the documents and replays the story through the verbs of `workflow`

The comment of the Association of Directors of Children's Services is real, and its own words. All
other bodies and people are invented, with telephone numbers that are kept for drama.
"""
