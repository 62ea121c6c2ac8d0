"""Query what is public: one module for each subject.

Every query starts from `public_editions`, `past_editions` or a function next to them in
`statements.published.editions`. A docstring says how many queries a function costs and which index
they walk.
"""
