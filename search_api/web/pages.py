"""All pages of the search site."""

from fastapi import APIRouter

from search_api.web import compare_page, draft_page, holdings_page, item_page, notice_pages, search_page
from search_api.web.static_files import VersionedFiles

router = APIRouter()
for _module in (search_page, item_page, notice_pages, holdings_page, compare_page, draft_page):
    router.include_router(_module.router)

static_files = VersionedFiles()
