"""Mails and SMS: a row first, in the transaction of the act, then sent by an idempotent task."""
