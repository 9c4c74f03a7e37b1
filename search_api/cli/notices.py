"""`xianli notices`."""

import click

from search_api.answers import notices_answer
from search_api.cli.options import filters_of, index_option, json_option, settings_of
from search_api.cli.output import Page, write_json
from search_api.cli.usage import ChineseHelp, WholeNumber
from search_api.opening import open_index
from search_api.wording import years


@click.command("notices", cls=ChineseHelp, help="列出已收录的通知及其编号，新的在前。")
@click.option("--district", multiple=True, metavar="区县", help="区县，如 鲤城区")
@click.option("--city", multiple=True, metavar="市", help="设区市")
@click.option("--province", multiple=True, metavar="省", help="省、自治区、直辖市")
@click.option("--year", multiple=True, metavar="年", help="年份或起止年份：2018、2016-2020")
@click.option("--type", "type", multiple=True, metavar="文种", help="文种，如 工作要点")
@click.option("--top", type=WholeNumber(1, 1000), default=100, help="最多几份（默认 100）")
@click.option("--offset", type=WholeNumber(0, 1_000_000), default=0, help="跳过前几份")
@index_option
@json_option
def command(top: int, offset: int, index: str | None, as_json: bool, **filters: tuple[str, ...]) -> None:
    """List the notices that are held."""
    wanted = filters_of(filters)
    total, records = open_index(settings_of(index), read_only=True).notices(wanted, offset, top)
    if as_json:
        write_json(notices_answer(total, records))
        return
    page = Page()
    for record in records:
        notice = record.notice
        page.line((f"{notice.id}  ", "dim"), notice.title, (f"  {notice.document_number or '无文号'}", "cyan"))
        about = " · ".join(filter(None, (years(notice), notice.doc_type, f"{record.items} 条", notice.source.file)))
        page.line((f"              {about}", "dim"))
    page.line((f"共 {total} 份通知", "dim"))
