"""The records: searching and reading them."""

from __future__ import annotations

from http import HTTPStatus

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from diptych.equivalence import Catalog
from diptych.server.base import DiptychHandler
from diptych.server.models import EquivalenceEntry, EquivalenceList
from diptych.server.problems import Problem

MOST = 500  # items a page
FURTHEST = 10**9


class EquivalencesHandler(DiptychHandler):
    """A page of records."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """Answer with those that hold every word of the query."""
        query = self.get_query_argument("query", "")
        limit, offset = self.integer("limit", 50, 1, MOST), self.integer("offset", 0, 0, FURTHEST)
        self.answer(await self.services.analyse(_page, await self.services.catalog(), query, limit, offset))


class EquivalenceHandler(DiptychHandler):
    """One record."""

    @authenticated
    @authorized
    async def get(self, id: str) -> None:
        """Answer with the record and its proof."""
        catalog = await self.services.catalog()
        record = catalog.get(id)
        if record is None:
            raise Problem(
                HTTPStatus.NOT_FOUND,
                "unknown_equivalence",
                f"There is no equivalence '{id}'. Search diptych/equivalences?query=... for its id.",
            )
        self.answer(EquivalenceEntry(record, catalog.proof(id)))


def _page(catalog: Catalog, query: str, limit: int, offset: int) -> EquivalenceList:
    found = catalog.search(query, limit=len(catalog.records))
    page = found[offset : offset + limit]
    return EquivalenceList(tuple(EquivalenceEntry(record, catalog.proof(record.id)) for record in page), len(found))
