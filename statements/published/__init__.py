"""What the door has besides the editions themselves, a module to a subject.

Like `statements.published.editions`, these modules may ask the models. Each question starts from
`public_editions`, `past_editions` or one of their neighbours, and says in its docstring how many
queries it costs and which index it walks.
"""
