"""What two answers must share to be alike: all but what each request makes anew."""

from __future__ import annotations

import re
from typing import Any

# The form's token, the policy's nonce, and the seconds that a session has left, which pass as a test runs.
OF_ONE_ANSWER = re.compile(r'(name="csrfmiddlewaretoken" value="|nonce="|data-session-seconds=")[^"]*')


def lasting(source: str) -> str:
    """A page without what differs from one request to the next."""
    return OF_ONE_ANSWER.sub(r"\1", source)


def neutral(response: Any) -> str:
    """A page without what was typed into it, nor what differs at each answer."""
    return re.sub(r'value="[^"]*"', "", lasting(response.content.decode()))
