"""The rows of the rights matrix that belong to documents."""

from portal.access.features import Feature, Group

FEATURES = (
    Feature(
        "documents.delivery_mode",
        "Mon mode de réception des documents",
        Group.COMPANY,
        slot=4,
        writable=True,
        per_college=False,
    ),
    Feature(
        "documents.certificate",
        "Mes demandes d’attestation",
        Group.COMPANY,
        slot=5,
        writable=True,
        per_college=False,
    ),
    Feature(
        "documents.upload",
        "Transmettre mes fichiers",
        Group.DOCUMENTS,
        slot=15,
        writable=True,
        per_college=False,
    ),
    Feature(
        "documents.document", "Mes documents", Group.DOCUMENTS, slot=16, writable=False, per_college=False
    ),
)
