"""Accounts, openings, letters, addresses, second factors."""

from accounts.models.address import EmailChange, Recertification
from accounts.models.letters import CodeRequest, LetterBatch, ProvisionalCode
from accounts.models.opening import Opening
from accounts.models.second_factor import Factor, FactorKind, RecoveryCode
from accounts.models.user import User

__all__ = [
    "CodeRequest",
    "EmailChange",
    "Factor",
    "FactorKind",
    "LetterBatch",
    "Opening",
    "ProvisionalCode",
    "Recertification",
    "RecoveryCode",
    "User",
]
