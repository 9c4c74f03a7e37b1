"""All pages of the search site."""

from fastapi import APIRouter
from starlette.staticfiles import StaticFiles

from search_api.web import item_page, notice_pages, search_page
from search_api.web.rendering import STATIC_FOLDER

router = APIRouter()
for _module in (search_page, item_page, notice_pages):
    router.include_router(_module.router)

static_files = StaticFiles(directory=STATIC_FOLDER)
