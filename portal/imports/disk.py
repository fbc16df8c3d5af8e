"""What went wrong with a file or a folder, in French."""

from __future__ import annotations

import errno

REASONS = {
    errno.ENOENT: "introuvable",
    errno.EACCES: "accès refusé",
    errno.EPERM: "accès refusé",
    errno.EROFS: "le disque est en lecture seule",
    errno.ENOSPC: "le disque est plein",
    errno.EDQUOT: "le disque est plein",
    errno.EISDIR: "c’est un dossier",
    errno.ENOTDIR: "ce n’est pas un dossier",
    errno.EIO: "le disque est défaillant",
}


def reason(error: OSError) -> str:
    """Why the system refused, as the end of a sentence."""
    return REASONS.get(error.errno or 0, f"erreur système {error.errno}")
