"""What of a query becomes a filter: places, years, types, documents. In each table the traps come second."""

import pytest

from corpus.model import Role
from indexer.index.filters import BasisFilter, Filters, YearRange
from search_api.understanding import Holdings, understand
from tests.search_api.understanding.conftest import TODAY, Understand

PLAN = "关于加快法治青溪建设的实施方案"
LAW = "北岚省法治政府建设条例"


def years(first: int, last: int | None = None) -> Filters:
    return Filters(year=(YearRange(first, last or first),))


def basis(document: str, *articles: str) -> Filters:
    return Filters(basis=tuple(BasisFilter(document, article) for article in articles or (None,)))


PLACES = [
    ("青溪区行政复议", "行政复议", Filters(district=("青溪区",))),
    ("行政复议 青溪区", "行政复议", Filters(district=("青溪区",))),
    ("青溪 行政复议", "行政复议", Filters(district=("青溪区",))),
    ("青溪的行政复议", "行政复议", Filters(district=("青溪区",))),
    ("青溪司法局牵头的普法", "普法", Filters(district=("青溪区",))),
    ("青溪2018年普法", "普法", Filters(district=("青溪区",), year=(YearRange(2018, 2018),))),
    ("青溪法治政府建设", "法治政府建设", Filters(district=("青溪区",))),
    ("云汀市青溪区普法", "普法", Filters(district=("青溪区",), city=("云汀市",))),
    ("云汀青溪区普法", "普法", Filters(district=("青溪区",), city=("云汀市",))),
    ("青溪区、雁回区的普法", "普法", Filters(district=("青溪区", "雁回区"))),
    ("云汀、朔原的行政应诉", "行政应诉", Filters(city=("云汀市", "朔原市"))),
    ("澜海省普法", "普法", Filters(province=("澜海省",))),
    ("白鹭开发区普法", "普法", Filters(district=("白鹭开发区",))),
    ("青溪区", "", Filters(district=("青溪区",))),
    ("松岭县的", "", Filters(district=("松岭县",))),
    # a district in another city than the one it is in: the smaller place decides
    ("朔原市青溪区普法", "普法", Filters(district=("青溪区",))),
    ("青溪区域协同", "青溪区域协同", Filters()),
    ("云汀市场监管", "云汀市场监管", Filters()),
    ("云汀市民热线", "云汀市民热线", Filters()),
    ("松岭县域经济", "松岭县域经济", Filters()),
    ("青溪水治理", "青溪水治理", Filters()),
    ("我区行政复议", "我区行政复议", Filters()),
    ("全省普法", "全省普法", Filters()),
    ("社区矫正 园区", "社区矫正 园区", Filters()),
    ("《青溪区普法办法》", "《青溪区普法办法》", Filters()),
    ("晋安区行政复议", "晋安区行政复议", Filters()),
]

REAL_PLACES = [
    ("泉州市鲤城区公示", "公示", Filters(district=("鲤城区",), city=("泉州市",))),
    ("福建省泉州市鲤城区公示", "公示", Filters(district=("鲤城区",), city=("泉州市",), province=("福建省",))),
    ("泉州鲤城区公示", "公示", Filters(district=("鲤城区",), city=("泉州市",))),
    ("鲤城 公示", "公示", Filters(district=("鲤城区",))),
    ("朝阳区公示", "公示", Filters(district=("朝阳区",))),
    ("和平区 公示", "公示", Filters(district=("和平区",))),
    ("公示 南山", "公示", Filters(district=("南山区",))),
    ("西安长安区公示", "公示", Filters(district=("长安区",), city=("西安市",))),
    ("义乌公示是怎么做的 义乌", "义乌公示", Filters(district=("义乌市",))),
    ("晋城市城区公示", "公示", Filters(district=("城区",), city=("晋城市",))),
    ("泉州市城区公示", "城区公示", Filters(city=("泉州市",))),
    ("吉林省公示", "公示", Filters(province=("吉林省",))),
    ("吉林市公示", "公示", Filters(city=("吉林市",))),
    ("朝阳产业公示", "朝阳产业公示", Filters()),
    ("和平解决争议", "和平解决争议", Filters()),
    ("维护和平公示", "维护和平公示", Filters()),
    ("南山公园公示", "南山公园公示", Filters()),
    ("长安街公示", "长安街公示", Filters()),
    ("城关镇公示", "城关镇公示", Filters()),
    ("城区公示", "城区公示", Filters()),
    ("老城区公示", "老城区公示", Filters()),
    ("深圳湾公示", "深圳湾公示", Filters()),
    ("泉州市场公示", "泉州市场公示", Filters()),
    ("鲤城区域公示", "鲤城区域公示", Filters()),
]

YEARS = [
    ("2018年普法", "普法", years(2018)),
    ("２０１８年普法", "普法", years(2018)),
    ("2018 普法", "普法", years(2018)),
    ("2018普法", "普法", years(2018)),
    ("普法2018", "普法", years(2018)),
    ("2018年度的普法", "普法", years(2018)),
    ("二〇一八年普法", "普法", years(2018)),
    ("二○一八年普法", "普法", years(2018)),
    ("2018-2020年普法", "普法", years(2018, 2020)),
    ("2018年至2020年普法", "普法", years(2018, 2020)),
    ("2018～2020 普法", "普法", years(2018, 2020)),
    ("2018年以来的普法", "普法", years(2018, 2025)),
    ("近三年普法", "普法", years(2022, 2025)),
    ("最近3年的普法", "普法", years(2022, 2025)),
    ("去年普法", "普法", years(2024)),
    ("今年的普法", "普法", years(2025)),
    ("十三五期间普法", "普法", years(2016, 2020)),
    ("“十四五”时期普法", "普法", years(2021, 2025)),
    ("2018年、2019年普法", "普法", Filters(year=(YearRange(2018, 2018), YearRange(2019, 2019)))),
    ("2018年底前清理", "2018年底前清理", Filters()),
    ("2018年以前的清理", "2018年以前的清理", Filters()),
    ("2018年12月底前清理", "2018年12月底前清理", Filters()),
    ("到2025年基本建成", "到2025年基本建成", Filters()),
    ("去年底完成", "去年底完成", Filters()),
    ("当今年轻干部", "当今年轻干部", Filters()),
    ("2018件案件", "2018件案件", Filters()),
    ("2018 人次", "2018 人次", Filters()),
    ("罚款2020元", "罚款2020元", Filters()),
    ("12018号", "12018号", Filters()),
    ("GB2018标准", "GB2018标准", Filters()),
    ("12345热线", "12345热线", Filters()),
    ("第十四五条", "第十四五条", Filters()),
    ("十四五规划", "十四五规划", Filters()),
    ("八五普法", "八五普法", Filters()),
    ("上一年度报告", "上一年度报告", Filters()),
    ("近年来普法", "近年来普法", Filters()),
    ("普法纲要（2021-2025年）", "普法纲要（2021-2025年）", Filters()),
    ("《普法纲要（2021-2025年）》", "《普法纲要（2021-2025年）》", Filters()),
    ("1066年普法", "1066年普法", Filters()),
    ("2035年普法", "2035年普法", Filters()),
    ("第12条 普法", "第12条 普法", Filters()),
]

TYPES = [
    ("工作要点里的行政复议", "行政复议", Filters(doc_type=("工作要点",))),
    ("2017年工作要点中的普法", "普法", Filters(doc_type=("工作要点",), year=(YearRange(2017, 2017),))),
    ("任务清单类", "", Filters(doc_type=("任务清单",))),
    ("实施方案", "实施方案", Filters()),
    ("制定工作要点", "制定工作要点", Filters()),
    ("工作要点的行政复议", "工作要点的行政复议", Filters()),
    ("普法工作要点里的复议", "普法工作要点里的复议", Filters()),
    ("规定里的处罚", "规定里的处罚", Filters()),
    # no notice of 2018 is one
    ("2018年工作要点里的普法", "工作要点里的普法", years(2018)),
]

DOCUMENTS = [
    (f"《{PLAN}》第5条", "", basis(PLAN, "5")),
    (f"{PLAN}第5条", "", basis(PLAN, "5")),
    ("《实施方案》第5条", "", basis("实施方案", "5")),
    ("实施方案第五条", "", basis("实施方案", "5")),
    ("实施方案第5条和第6条", "", basis("实施方案", "5", "6")),
    ("请问实施方案第5条的规定", "", basis("实施方案", "5")),
    ("实施方案第 5 条第二款 普法", "普法", basis("实施方案", "5")),
    ("法治青溪实施方案第5条", "", basis(PLAN, "5")),
    ("《法治青溪建设的实施方案》", "", basis(PLAN)),
    (LAW, "", basis(LAW)),
    ("法治政府建设条例", "", basis(LAW)),
    (f"依据《{LAW}》的普法", "普法", basis(LAW)),
    (f"《{LAW}》的规定", "", basis(LAW)),
    (f"宣传《{LAW}》", f"宣传《{LAW}》", Filters()),
    ("《信访条例》", "《信访条例》", Filters()),
    ("信访条例第3条", "信访条例第3条", Filters()),
    ("第5条", "第5条", Filters()),
    ("行政执法", "行政执法", Filters()),
    ("《实施方案", "《实施方案", Filters()),
    ("《》第5条", "《》第5条", Filters()),
    ("实施方案第999条", "实施方案第999条", Filters()),
]


@pytest.mark.parametrize(("query", "words", "filters"), [*PLACES, *YEARS, *TYPES, *DOCUMENTS])
def test_query_is_read_as_words_and_filters(read: Understand, query: str, words: str, filters: Filters) -> None:
    reading = read(query)
    assert (reading.words, reading.read) == (words, filters)
    assert reading.filters == filters


@pytest.mark.parametrize(("query", "words", "filters"), REAL_PLACES)
def test_real_place_is_told_from_words(places: Holdings, query: str, words: str, filters: Filters) -> None:
    reading = understand(query, Filters(), places, today=TODAY)
    assert (reading.words, reading.read) == (words, filters)


@pytest.mark.parametrize(
    ("query", "note"),
    [
        ("青溪区普法", "区县：青溪区"),
        ("近三年普法", "年份：2022—2025年"),
        ("工作要点里的普法", "文种：工作要点"),
        ("《实施方案》第5条", "依据条款：《实施方案》第5条"),
        ("晋安区普法", "没有收录晋安区的通知，“晋安区”按字词检索"),
        ("2035年普法", "已收录的条款里没有符合“2035年”的，改按字词检索"),
        ("青溪区2025年普法", "符合其他条件的条款里没有符合“2025年”的，改按字词检索"),
        ("《信访条例》", "没有已收录的条款以“《信访条例》”为依据，改按字词检索"),
    ],
)
def test_notes_say_what_was_done(read: Understand, query: str, note: str) -> None:
    assert note in read(query).notes


@pytest.mark.parametrize(
    ("query", "asked", "words", "filters"),
    [
        ("2018年普法", years(2019), "2018年普法", years(2019)),
        ("青溪区2018年普法", years(2019), "青溪区2018年普法", years(2019)),
        ("青溪区普法", years(2018), "普法", Filters(district=("青溪区",), year=(YearRange(2018, 2018),))),
        ("青溪区普法", Filters(district=("雁回区",)), "青溪区普法", Filters(district=("雁回区",))),
        ("实施方案第5条", basis(LAW), "实施方案第5条", basis(LAW)),
        ("司法局负责的普法", Filters(unit=("财政局",), role=(Role.LEAD,)), "普法", Filters(unit=("财政局",), role=(Role.LEAD,))),
    ],
)  # fmt: skip
def test_filters_of_the_user_are_never_overridden(
    read: Understand, query: str, asked: Filters, words: str, filters: Filters
) -> None:
    reading = read(query, asked)
    assert (reading.words, reading.filters) == (words, filters)


def test_the_least_certain_filter_gives_way_first(read: Understand) -> None:
    reading = read("青溪区2025年工作要点里的普法")
    assert reading.read == Filters(district=("青溪区",))
    assert reading.words == "2025年工作要点里的普法"
    assert [part.text for part in reading.parts] == ["青溪区"]
