"""GET equivalences: searching and reading records."""

from __future__ import annotations

from typing import Any

import pytest

from diptych.equivalence import load


async def test_a_search_finds_the_record_by_a_name_of_either_side(api: Any) -> None:
    for query in ("nn.Linear", "Dense"):
        answer = await api("GET", "equivalences", query=query)
        assert answer.status == 200
        names = [spelling["name"] for spelling in answer.json["items"][0]["equivalence"]["torch"]]
        assert "torch.nn.Linear" in names


async def test_pages_cover_all_records_once(api: Any) -> None:
    records = [record.id for record in load()]
    pages = [(await api("GET", "equivalences", limit=97, offset=offset)).json for offset in range(0, len(records), 97)]
    assert [item["equivalence"]["id"] for page in pages for item in page["items"]] == records
    assert {page["total"] for page in pages} == {len(records)}


async def test_every_listed_record_can_be_read_by_its_id(api: Any) -> None:
    for item in (await api("GET", "equivalences", limit=100)).json["items"]:
        answer = await api("GET", f"equivalences/{item['equivalence']['id']}")
        assert (answer.status, answer.json) == (200, item)


async def test_an_unknown_id_is_told_apart_from_an_unknown_path(api: Any) -> None:
    answer = await api("GET", "equivalences/no.such.record")
    assert (answer.status, answer.json["code"]) == (404, "unknown_equivalence")
    answer = await api("GET", "no/such/path")
    assert (answer.status, answer.json["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    "query", [{"limit": 0}, {"limit": 501}, {"limit": "many"}, {"offset": -1}, {"limit": "٣"}, {"offset": "9" * 50}]
)
async def test_a_page_that_can_not_be_is_refused(api: Any, query: dict[str, Any]) -> None:
    answer = await api("GET", "equivalences", **query)
    assert (answer.status, answer.json["code"]) == (400, "invalid_query")
    assert next(iter(query)) in answer.json["message"]
