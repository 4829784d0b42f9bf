"""The transitions of an article, one module for each verb.

Each service takes `(article, *, user, at, version, ...)`, checks the permission table, and makes
one conditional UPDATE with its log row in one transaction. `engine` has the common part.
"""
