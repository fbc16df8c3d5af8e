"""Joining tagged PDFs into one that is tagged too, at the cost in memory of one part at a time.

pypdf reads the parts; its own merging forgets the structure tree. Here each object is renumbered and
written to the target at once. What holds a file together is made anew at the end: one page tree, one
structure tree with a single Document, one parent tree whose keys and one identifier tree whose names do
not clash (ISO 32000-1, 14.7).
"""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any, BinaryIO

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

from portal.pdf.writing import ObjectFile, dictionary, reference, references

COMMON = ("/OutputIntents", "/Lang", "/MarkInfo", "/ViewerPreferences")  # taken from the first part
REBUILT = ("/Type", "/Pages", "/StructTreeRoot", "/Metadata")
DROPPED = ("/Outlines",)
TREE = ("/Type", "/K", "/RoleMap", "/ParentTree", "/ParentTreeNextKey", "/IDTree")
ELEMENT = ("/Type", "/S", "/P", "/K")
PARENT_TREE_KEYS = ("/StructParents", "/StructParent")


class NotJoinable(Exception):
    """A part holds something that cannot be joined without loss."""


class Joiner:
    """Writes tagged PDFs one after the other to a binary file: `add` each, then `finish`.

    The parts come from one template: what they share (language, colour profile, title) is taken from
    the first. Bookmarks are dropped; anything else without a place in the result raises NotJoinable.
    """

    def __init__(self, target: BinaryIO) -> None:
        self._file = ObjectFile(target)
        self._catalog, self._pages, self._tree, self._document = (self._file.reserve() for _ in range(4))
        self._first: _First | None = None
        self._page_trees: list[int] = []
        self._count = 0
        self._kids: list[int] = []
        self._roles = DictionaryObject()
        self._parent_trees: list[int] = []
        self._id_trees: list[int] = []
        self._next_key = 0
        self._parts = 0

    def add(self, part: bytes) -> None:
        """Append the pages and the structure of one tagged PDF. Raises NotJoinable."""
        reader = PdfReader(BytesIO(part))
        catalog = reader.root_object
        _refuse_others(catalog, (*COMMON, *REBUILT, *DROPPED))
        absent = {*COMMON, *REBUILT} - set(catalog)
        if absent:
            raise NotJoinable(f"no {', '.join(sorted(absent))}: a part must be tagged PDF/A")
        self._parts += 1
        copy = _Copy(self._file, reader, first_key=self._next_key, prefix=f"{self._parts:06}-")
        if self._first is None:
            self._first = _First(copy, catalog)
        self._add_structure(copy, _dictionary_at(catalog, "/StructTreeRoot"))
        self._add_pages(copy, catalog)
        copy.write_pending()

    def finish(self) -> int:
        """Write what ties the parts together; return the number of pages. The target stays open."""
        if self._first is None:
            raise NotJoinable("there is no part")
        kids = references(self._page_trees)
        self._file.write(self._pages, dictionary(Type="Pages", Count=self._count, Kids=kids))
        self._write_structure()
        catalog = self._first.common
        catalog[NameObject("/Pages")] = reference(self._pages)
        catalog[NameObject("/StructTreeRoot")] = reference(self._tree)
        catalog[NameObject("/Metadata")] = reference(self._file.add(self._first.metadata(self._count)))
        self._file.write(self._catalog, catalog)
        self._file.close(
            Root=reference(self._catalog), Info=self._first.info, ID=self._first.fresh_identifiers
        )
        return self._count

    def _add_pages(self, copy: _Copy, catalog: DictionaryObject) -> None:
        pages = _dictionary_at(catalog, "/Pages")
        count = pages["/Count"]
        assert isinstance(count, NumberObject)
        self._count += count
        moved = copy.reference(catalog.raw_get("/Pages"))
        copy.overrides[moved.idnum] = dictionary(Parent=reference(self._pages))
        self._page_trees.append(moved.idnum)

    def _add_structure(self, copy: _Copy, tree: DictionaryObject) -> None:
        _refuse_others(tree, TREE)
        document = _only_kid(tree)
        element = _resolved(document)
        assert isinstance(element, DictionaryObject)
        _refuse_others(element, ELEMENT)
        copy.numbers[document.idnum] = self._document
        self._kids += [copy.reference(kid).idnum for kid in _array_at(element, "/K")]
        for role, standard in _dictionary_at(tree, "/RoleMap").items():
            if self._roles.setdefault(role, standard) != standard:
                raise NotJoinable(f"the parts disagree on the role {role}")
        self._add_parent_tree(copy, list(_leaves(_dictionary_at(tree, "/ParentTree"), "/Nums")))
        self._add_id_tree(copy, list(_leaves(_dictionary_at(tree, "/IDTree"), "/Names")))

    def _add_parent_tree(self, copy: _Copy, entries: list[tuple[Any, PdfObject]]) -> None:
        numbers = [(NumberObject(copy.first_key + int(key)), copy.moved(value)) for key, value in entries]
        if numbers:
            self._parent_trees.append(self._add_leaf(Nums=numbers))
            self._next_key = int(numbers[-1][0]) + 1

    def _add_id_tree(self, copy: _Copy, entries: list[tuple[Any, PdfObject]]) -> None:
        names = [(copy.identifier(key), copy.moved(value)) for key, value in entries]
        if names:
            self._id_trees.append(self._add_leaf(Names=names))

    def _add_leaf(self, **entries: Sequence[tuple[PdfObject, PdfObject]]) -> int:
        [(kind, pairs)] = entries.items()
        limits = ArrayObject([pairs[0][0], pairs[-1][0]])
        flat = ArrayObject(item for pair in pairs for item in pair)
        return self._file.add(dictionary(Limits=limits, **{kind: flat}))

    def _write_structure(self) -> None:
        parent_tree = self._file.add(dictionary(Kids=references(self._parent_trees)))
        tree = dictionary(
            Type="StructTreeRoot",
            K=references([self._document]),
            RoleMap=self._roles,
            ParentTree=reference(parent_tree),
            ParentTreeNextKey=self._next_key,
        )
        if self._id_trees:
            id_tree = self._file.add(dictionary(Kids=references(self._id_trees)))
            tree[NameObject("/IDTree")] = reference(id_tree)
        self._file.write(self._tree, tree)
        kids = references(self._kids)
        document = dictionary(Type="StructElem", S="Document", P=reference(self._tree), K=kids)
        self._file.write(self._document, document)


class _Copy:
    """One part on its way to the joined file: its objects get new numbers there."""

    def __init__(self, file: ObjectFile, reader: PdfReader, *, first_key: int, prefix: str) -> None:
        self.reader = reader
        self.first_key = first_key
        self._prefix = prefix
        self.numbers: dict[int, int] = {}
        self.overrides: dict[int, DictionaryObject] = {}
        self._file = file
        self._pending: list[int] = []

    def reference(self, old: Any) -> IndirectObject:
        """The reference in the joined file; what it points at will be copied."""
        if not isinstance(old, IndirectObject):
            raise NotJoinable("a direct object stands where a reference is needed")
        if old.idnum not in self.numbers:
            self.numbers[old.idnum] = self._file.reserve()
            self._pending.append(old.idnum)
        return reference(self.numbers[old.idnum])

    def identifier(self, old: Any) -> TextStringObject:
        """The name of a structure element, made unique to this part; parts sort as they come."""
        return TextStringObject(f"{self._prefix}{old}")

    def moved(self, value: PdfObject) -> PdfObject:
        """The same value, its references, keys and identifiers made those of the joined file."""
        if isinstance(value, IndirectObject):
            return self.reference(value)
        if isinstance(value, DictionaryObject):  # a stream is one
            for key in value:
                value[key] = self._moved_entry(value, key)
        elif isinstance(value, ArrayObject):
            for index, item in enumerate(value):
                value[index] = self.moved(item)
        return value

    def _moved_entry(self, holder: DictionaryObject, key: str) -> PdfObject:
        item: Any = holder.raw_get(key)
        if key in PARENT_TREE_KEYS:
            return NumberObject(self.first_key + int(item))
        if key == "/ID" and "/S" in holder:
            return self.identifier(item)
        if key == "/Headers":
            return ArrayObject(self.identifier(name) for name in item)
        return self.moved(item)

    def write_pending(self) -> None:
        """Copy whatever was referred to, and what that refers to."""
        while self._pending:
            old = self._pending.pop()
            value = self.reader.get_object(old)
            if value is None:
                raise NotJoinable(f"object {old} is missing")
            moved = self.moved(value)
            number = self.numbers[old]
            if number in self.overrides:
                assert isinstance(moved, DictionaryObject)
                moved.update(self.overrides[number])
            self._file.write(number, moved)


class _First:
    """What the joined file takes from its first part."""

    def __init__(self, copy: _Copy, catalog: DictionaryObject) -> None:
        self.common = dictionary(Type="Catalog")
        for key in COMMON:
            self.common[NameObject(key)] = copy.moved(catalog.raw_get(key))
        self.info = copy.reference(copy.reader.trailer.raw_get("/Info"))
        stream = _resolved(catalog.raw_get("/Metadata"))
        assert isinstance(stream, StreamObject)
        self._metadata = stream.get_data().decode()
        self._identifiers = [str(item) for item in _array_at(copy.reader.trailer, "/ID")]
        self.fresh_identifiers = ArrayObject(
            TextStringObject(_random_identifier()) for _ in self._identifiers
        )

    def metadata(self, pages: int) -> PdfObject:
        """The XMP packet with the number of pages and identifiers of the joined file."""
        packet = re.sub(r"(?<=<xmpTPg:NPages>)\d+", str(pages), self._metadata)
        for old, new in zip(self._identifiers, self.fresh_identifiers, strict=True):
            packet = packet.replace(old, str(new))
        stream = DecodedStreamObject()
        stream.set_data(packet.encode())
        stream.update(dictionary(Type="Metadata", Subtype="XML"))
        return stream


def _random_identifier() -> str:
    return base64.b64encode(secrets.token_bytes(16)).decode()


def _refuse_others(found: Mapping[Any, Any], known: tuple[str, ...]) -> None:
    others = sorted(set(found) - set(known))
    if others:
        raise NotJoinable(f"no place for {', '.join(others)}")


def _resolved(value: Any) -> PdfObject:
    resolved = value.get_object()
    assert isinstance(resolved, PdfObject)
    return resolved


def _dictionary_at(holder: DictionaryObject, key: str) -> DictionaryObject:
    value = holder.get(key, DictionaryObject()).get_object()
    assert isinstance(value, DictionaryObject)
    return value


def _array_at(holder: Any, key: str) -> ArrayObject:
    value = holder.get(key, ArrayObject()).get_object()
    assert isinstance(value, ArrayObject)
    return value


def _only_kid(tree: DictionaryObject) -> IndirectObject:
    kids = _array_at(tree, "/K")
    if len(kids) != 1 or not isinstance(kids[0], IndirectObject):
        raise NotJoinable("the part is not tagged as one Document")
    return kids[0]


def _leaves(node: DictionaryObject, kind: str) -> Iterator[tuple[Any, PdfObject]]:
    """The entries of a number tree (`/Nums`) or name tree (`/Names`), in order."""
    for kid in _array_at(node, "/Kids"):
        child = _resolved(kid)
        assert isinstance(child, DictionaryObject)
        yield from _leaves(child, kind)
    entries = list(_array_at(node, kind))
    yield from zip(entries[::2], entries[1::2], strict=True)
