"""Search tokens: pairs of Han characters, so that every name is found without a dictionary."""

import re

_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+|[0-9A-Za-z]+")


def bigrams(text: str) -> str:
    """Return the search tokens of `text`, in order, separated by blanks.

    Han runs give overlapping pairs and their last single character, so that a phrase of two or
    more characters is a phrase of tokens; a run of letters or digits is one lower-case token.
    """
    tokens: list[str] = []
    for run in _RUN.findall(text):
        if run[0].isascii():
            tokens.append(run.lower())
        else:
            tokens.extend(run[i : i + 2] for i in range(len(run)))
    return " ".join(tokens)
