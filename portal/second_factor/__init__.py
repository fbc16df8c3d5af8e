"""What a second factor is made of: TOTP values, passkeys, recovery codes; no table (product.md 4.5)."""
