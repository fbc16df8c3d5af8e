"""Reading the tags of a PDF back, and finding what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.generic import IndirectObject


def elements(reader: PdfReader) -> Iterator[Any]:
    """Every structure element, in reading order."""
    root = reader.root_object["/StructTreeRoot"]
    todo = list(reversed(root["/K"]))
    while todo:
        element = todo.pop().get_object()
        if not isinstance(element, dict) or "/S" not in element:
            continue
        yield element
        todo += reversed([kid for kid in element.get("/K", []) if isinstance(kid, IndirectObject)])


def roles(reader: PdfReader) -> list[str]:
    """The role of every structure element, in reading order."""
    return [element["/S"] for element in elements(reader)]


def parent_tree(reader: PdfReader) -> dict[int, Any]:
    """The parent tree's entries; each node's limits are those of its keys."""
    found: dict[int, Any] = {}

    def walk(node: Any) -> None:
        for kid in node.get("/Kids", []):
            walk(kid.get_object())
        numbers = node.get("/Nums", [])
        keys = [int(key) for key in numbers[::2]]
        assert keys == sorted(keys)
        assert "/Limits" not in node or list(node["/Limits"]) == [keys[0], keys[-1]]
        for key, value in zip(keys, numbers[1::2], strict=True):
            assert key not in found
            found[key] = value.get_object()

    walk(reader.root_object["/StructTreeRoot"]["/ParentTree"])
    return found


def id_tree(reader: PdfReader) -> dict[str, Any]:
    """The identified elements by name, in the tree's order."""
    found: dict[str, Any] = {}
    for kid in reader.root_object["/StructTreeRoot"]["/IDTree"]["/Kids"]:
        leaf = kid.get_object()
        names = list(leaf["/Names"])
        assert list(leaf["/Limits"]) == [names[0], names[-2]]
        found |= {
            str(name): element.get_object() for name, element in zip(names[::2], names[1::2], strict=True)
        }
    return found


def tag_faults(reader: PdfReader) -> list[str]:
    """What contradicts itself between pages, structure elements and parent tree; empty when sound."""
    faults, parents = [], parent_tree(reader)
    for number, page in enumerate(reader.pages, 1):
        owners = parents.get(page.get("/StructParents", -1), [])
        if not owners:
            faults.append(f"page {number} has no parents")
        for mcid, owner in enumerate(owners):
            element = owner.get_object()
            if element.get("/Pg", page).indirect_reference != page.indirect_reference:
                faults.append(f"page {number}: content {mcid} belongs to another page")
            if mcid not in element["/K"]:
                faults.append(f"page {number}: content {mcid} is not its parent's")
        for annotation in page.get("/Annots", []):
            owner = parents.get(annotation.get_object().get("/StructParent", -1))
            if owner is None or owner["/S"] != "/Link":
                faults.append(f"page {number}: a link has no parent")
    for element in elements(reader):
        for kid in element.get("/K", []):
            if isinstance(kid, IndirectObject) and kid.get_object()["/P"].get_object() is not element:
                faults.append(f"a {kid.get_object()['/S']} does not know its parent")
    return faults
