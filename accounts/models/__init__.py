"""Accounts, openings, letters."""

from accounts.models.letters import LetterBatch, ProvisionalCode
from accounts.models.opening import Opening
from accounts.models.user import User

__all__ = ["LetterBatch", "Opening", "ProvisionalCode", "User"]
