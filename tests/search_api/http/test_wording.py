"""What answers say of provisions that are alike: who uses the same wording, how texts differ, what they share."""

import pytest
from starlette.testclient import TestClient

from tests.search_api.http.conftest import get

COUNTY, PROVINCE = "a9f09fca2f54-017", "e1795ee9f212-017"
"""One wording: the province's notice is the older one, and the two name different governments."""


def ids(client: TestClient, query: str, **parameters: str) -> list[str]:
    return [hit["id"] for hit in get(client, "/api/v1/search", q=query, top=50, **parameters)["hits"]]


def test_near_identical_provisions_are_folded_into_the_first(client: TestClient) -> None:
    listed, folded = ids(client, "压实出庭应诉责任", collapse="false"), ids(client, "压实出庭应诉责任")
    assert {COUNTY, PROVINCE} <= set(listed)
    assert [item for item in listed if item in folded] == folded
    assert len({COUNTY, PROVINCE} & set(folded)) == 1


def test_similar_provisions_are_folded_unless_asked_otherwise(client: TestClient) -> None:
    text = get(client, f"/api/v1/items/{COUNTY}")["item"]["text"]

    def found(collapse: bool) -> set[str]:
        body = {"text": text, "top": 50, "collapse": collapse}
        return {hit["id"] for hit in client.post("/api/v1/similar", json=body).json()["hits"]}

    assert {COUNTY, PROVINCE} <= found(collapse=False)
    assert len({COUNTY, PROVINCE} & found(collapse=True)) == 1


def test_hit_tells_who_uses_its_wording(client: TestClient) -> None:
    hits = get(client, "/api/v1/search", q="压实出庭应诉责任", top=50)["hits"]
    [usage] = [hit["usage"] for hit in hits if hit["id"] in (COUNTY, PROVINCE)]
    assert (usage["districts"], usage["notices"], usage["items"], usage["at_least"]) == (2, 2, 2, False)
    assert usage["first"]["item_id"] == PROVINCE
    assert len(usage["members"]) == 1
    assert any(hit["usage"] is None for hit in hits)


@pytest.mark.parametrize(("asked", "other"), [(COUNTY, PROVINCE), (PROVINCE, COUNTY)])
def test_users_of_a_wording_are_told_with_their_differences(client: TestClient, asked: str, other: str) -> None:
    found = get(client, f"/api/v1/items/{asked}/wording")
    [user] = found["users"]
    assert user["item"]["id"] == other
    assert found["usage"]["first"]["item_id"] == PROVINCE
    words = {COUNTY: "区政府", PROVINCE: "同级政府"}
    assert user["differences"]["phrases"] == [{"change": "changed", "left": words[asked], "right": words[other]}]
    assert user["citation"] == get(client, f"/api/v1/items/{other}")["citation"]


def test_wording_that_nobody_else_uses_has_no_users(client: TestClient) -> None:
    [own] = [hit["id"] for hit in get(client, "/api/v1/search", q="从严备案审查", top=1)["hits"]]
    assert get(client, f"/api/v1/items/{own}/wording") == {"usage": None, "users": []}


def test_differences_lead_through_both_texts_from_end_to_end(client: TestClient) -> None:
    text = get(client, f"/api/v1/items/{COUNTY}")["item"]["text"]
    found = get(client, f"/api/v1/items/{COUNTY}/similar")
    assert found["hits"][0]["id"] == PROVINCE
    assert found["hits"][0]["differences"]["likeness"] > 0.9
    for hit in found["hits"]:
        segments = hit["differences"]["segments"]
        for side, whole in (("left", text), ("right", hit["item"]["text"])):
            assert "".join(whole[s[side]["start"] : s[side]["end"]] for s in segments) == whole
    assert get(client, "/api/v1/search", q="备案")["hits"][0]["differences"] is None


def test_groups_are_of_hits_that_share_something_with_the_item(client: TestClient) -> None:
    found = get(client, f"/api/v1/items/{COUNTY}/similar", top=20)
    hits = {hit["id"]: hit for hit in found["hits"]}
    groups = found["groups"]
    assert groups["districts"][0] == found["hits"][0]["id"]
    places = [(hits[one]["notice"]["city"], hits[one]["notice"]["district"]) for one in groups["districts"]]
    assert len(places) == len(set(places))
    [leading] = [one for one in groups["units"] if one["value"] == "区法制办（牵头）"]
    for item in leading["item_ids"]:
        roles = {unit["role"] for unit in hits[item]["item"]["units"]}
        assert "lead" in roles
    [target] = groups["targets"]
    assert target["value"] == "每年至少出庭一次"
    assert all("每年至少出庭一次" in hits[item]["item"]["targets"] for item in target["item_ids"])
    assert get(client, "/api/v1/search", q="备案")["groups"] is None
