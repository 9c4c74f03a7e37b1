import pytest

from corpus.model import BlockKind, Document, Level, Notice, Source, Span
from indexer.parsing import parse
from indexer.parsing.metadata import doc_type, plan_years
from indexer.parsing.places import Place, find_level, find_place, read_place


def notice(head: str, end: str = "") -> Notice:
    text = f"{head}\n各单位：\n现印发给你们。\n{end}\n甲区2018年工作要点\n一、健全制度\n（一）清理文件。\n"
    return parse(Document(text, Source("a.txt", "0" * 64))).notice


@pytest.mark.parametrize(
    ("printed", "standard"),
    [
        ("甲政办〔2018〕74号", "甲政办〔2018〕74号"),
        ("甲政办[2018]74 号", "甲政办〔2018〕74号"),
        ("甲政办﹝2018﹞74号", "甲政办〔2018〕74号"),
        ("甲政办（2018）第5号", "甲政办〔2018〕5号"),
        ("甲政办【2018】74号", "甲政办〔2018〕74号"),
        ("甲委法〔20223", "甲委法〔2022〕3号"),
        ("甲政办字〔2019〕1", "甲政办字〔2019〕1号"),
    ],
)
def test_document_number_in_every_bracket_form(printed: str, standard: str) -> None:
    assert notice(f"甲区人民政府办公室关于印发甲区2018年工作要点的通知\n{printed}").document_number == standard


@pytest.mark.parametrize(
    ("printed", "date"),
    [
        ("2018年5月9日", "2018-05-09"),
        ("2018 年 5 月 9 日", "2018-05-09"),
        ("二〇一八年五月九日", "2018-05-09"),
        ("二○○五年十二月三十一日", "2005-12-31"),
        ("二0一八年十月十日", "2018-10-10"),
        ("202281", "2022-08-01"),
    ],
)
def test_date_of_signature(printed: str, date: str) -> None:
    found = notice("甲区人民政府办公室关于印发甲区2018年工作要点的通知", f"甲区人民政府办公室\n{printed}")
    assert found.date_issued == date


def test_signing_line_beats_the_date_of_the_web_page() -> None:
    found = notice(
        "甲区人民政府办公室关于印发甲区2018年工作要点的通知\n时间：2023-01-05 10:46", "甲区人民政府办公室\n2018年5月9日"
    )
    assert found.date_issued == "2018-05-09"


def test_title_over_several_lines_is_joined() -> None:
    found = notice("甲区人民政府办公室\n\n关于印发甲区2018年\n\n工作要点的通知")
    assert found.notice_title == "甲区人民政府办公室关于印发甲区2018年工作要点的通知"
    assert found.title == "甲区2018年工作要点"
    assert found.issuer == "甲区人民政府办公室"


def test_joint_issuers_are_both_named() -> None:
    found = notice("中共甲区委办公室\n甲区人民政府办公室\n关于印发甲区2018年工作要点的通知")
    assert found.issuer == "中共甲区委办公室、甲区人民政府办公室"
    assert found.title == "甲区2018年工作要点"


@pytest.mark.parametrize(
    ("title", "years"),
    [
        ("甲区2018年工作要点", (2018, 2018)),
        ("甲区2018年度任务分工方案", (2018, 2018)),
        ("甲区实施方案（2021-2025年）", (2021, 2025)),
        ("甲区实施方案（2021年—2025年）".replace("—", "-"), (2021, 2025)),
        ("甲区贯彻〈纲要（2015-2020年）〉2018年工作安排", (2018, 2018)),
        ("甲县二〇一六年要点", (2016, 2016)),
        ("甲区工作要点", None),
    ],
)
def test_plan_years(title: str, years: tuple[int, int] | None) -> None:
    assert plan_years(title) == years


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("甲区2018年法治政府建设重点工作安排", "工作安排"),
        ("甲区法治政府建设实施方案（2021-2025年）", "实施方案"),
        ("甲区2018年度重点任务分工方案", "任务分工方案"),
        ("甲区2017年工作要点", "工作要点"),
        ("甲区人民政府关于2022年法治政府建设情况的报告", "情况报告"),
        ("关于加强法治建设的实施意见", "实施意见"),
        ("甲区民宿", None),
    ],
)
def test_document_type(title: str, expected: str | None) -> None:
    assert doc_type(title) == expected


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("泉州市鲤城区人民政府办公室", Place("福建省", "泉州市", "鲤城区")),
        ("中共福州市晋安区委全面依法治区委员会", Place("福建省", "福州市", "晋安区")),
        ("浙江省宁波市奉化区人民政府", Place("浙江省", "宁波市", "奉化区")),
        ("北京市朝阳区人民政府", Place("北京市", "北京市", "朝阳区")),
        ("晋安区人民政府", Place("福建省", "福州市", "晋安区")),
        ("义乌市人民政府办公室", Place("浙江省", "金华市", "义乌市")),
        ("西安市人民政府", Place("陕西省", "西安市", None)),
        ("福建省人民政府办公厅", Place("福建省", None, None)),
        ("延边朝鲜族自治州人民政府", Place("吉林省", "延边朝鲜族自治州", None)),
        ("内蒙古自治区人民政府", Place("内蒙古自治区", None, None)),
        ("阿拉善左旗人民政府", Place("内蒙古自治区", "阿拉善盟", "阿拉善左旗")),
        ("深圳市龙岗区教育局", Place("广东省", "深圳市", "龙岗区")),
        ("浙江省农业农村厅", Place("浙江省", None, None)),
        ("仙桃市人民政府", Place("湖北省", "仙桃市", None)),
        ("苏州工业园区管委会", Place("江苏省", "苏州市", "苏州工业园区")),
        ("中共四川省委办公厅", Place("四川省", None, None)),
        ("国务院办公厅", Place()),
    ],
)
def test_place_of_issuer_completed_from_the_tables(name: str, place: Place) -> None:
    assert find_place([name], "")[0] == place


@pytest.mark.parametrize(
    ("issuer", "level"),
    [
        ("国务院办公厅", Level.NATIONAL),
        ("市场监管总局", Level.NATIONAL),
        ("财政部", Level.NATIONAL),
        ("福建省人民政府办公厅", Level.PROVINCE),
        ("北京市人民政府", Level.PROVINCE),
        ("泉州市人民政府办公室", Level.CITY),
        ("泉州市鲤城区人民政府", Level.DISTRICT),
        ("中共福州市晋安区委全面依法治区委员会", Level.DISTRICT),
        ("泉州市鲤城区开元街道办事处", Level.TOWNSHIP),
        ("云汀市白鹭开发区管理委员会", Level.ZONE),
        ("泉州市司法局", Level.DEPARTMENT),
        ("浙江省农业农村厅", Level.DEPARTMENT),
        (None, None),
    ],
)
def test_level_of_the_issuer(issuer: str | None, level: Level | None) -> None:
    assert find_level(issuer, find_place([issuer or ""], "")[0]) == level


def test_district_name_that_exists_more_than_once_is_left_open_with_a_warning() -> None:
    place, warnings = find_place(["鼓楼区人民政府"], "")
    assert place.city is None
    assert "place_ambiguous" in [warning.code for warning in warnings]


def test_district_name_that_exists_more_than_once_is_settled_by_the_text() -> None:
    place, warnings = find_place(["鼓楼区人民政府"], "根据福州市的部署和《福州市2018年要点》")
    assert place == Place("福建省", "福州市", "鼓楼区")
    assert "place_by_context" in [warning.code for warning in warnings]


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ("福建省福州市鼓楼区", Place("福建省", "福州市", "鼓楼区")),
        ("福州市鼓楼区", Place("福建省", "福州市", "鼓楼区")),
        ("晋安区", Place("福建省", "福州市", "晋安区")),
        ("不是地方", None),
    ],
)
def test_place_given_by_hand_is_completed(given: str, place: Place | None) -> None:
    assert read_place(given) == place


def test_place_given_by_hand_counts_instead_of_the_text() -> None:
    document = Document("鼓楼区人民政府关于印发2018年工作要点的通知\n一、清理文件。", Source("a.txt", "0" * 64))
    assert parse(document, Place("福建省", "福州市", "鼓楼区")).notice.city == "福州市"


def test_province_of_an_unknown_city_is_taken_from_the_text_and_marked() -> None:
    place, warnings = find_place(["云汀市青溪区人民政府"], "根据《澜海省2018年计划》要求")
    assert place.province == "澜海省"
    assert "province_inferred" in [warning.code for warning in warnings]


PAGE = (
    "首页 > 政策 > 国务院政策文件\n索 引 号：000014349/2020-00123　主题分类：综合政务\n"
    "发文机关：国务院办公厅　成文日期：2020年10月27日\n标　　题：国务院办公厅关于推行告知承诺制的指导意见\n"
    "发文字号：国办发〔2020〕42号　发布日期：2020年11月09日\n"
)


def test_fields_over_a_page_are_frame_and_fill_what_the_text_leaves_open() -> None:
    text = (
        PAGE
        + "国务院办公厅关于推行告知承诺制的指导意见\n各省、自治区、直辖市人民政府：\n一、总体要求\n（一）改进服务。\n"
    )
    parsed = parse(Document(text, Source("a.txt", "0" * 64)))
    found = parsed.notice
    assert found.title == "国务院办公厅关于推行告知承诺制的指导意见"
    assert (found.document_number, found.issuer) == ("国办发〔2020〕42号", "国务院办公厅")
    assert (found.date_issued, found.doc_type) == ("2020-10-27", "指导意见")
    assert (found.province, found.city, found.district) == (None, None, None)
    assert [item.text for item in parsed.items] == ["改进服务。"]


def test_number_and_date_of_the_text_beat_the_fields_of_the_page() -> None:
    fields = "发布机构：区政府办公室　文号：乙政办〔2017〕1号　发布日期：2019-01-01\n"
    head = "甲区人民政府办公室关于印发甲区2018年工作要点的通知\n甲政办〔2018〕7号\n" + fields
    found = notice(head, "甲区人民政府办公室\n2018年5月9日")
    assert (found.document_number, found.date_issued) == ("甲政办〔2018〕7号", "2018-05-09")
    assert found.issuer == "甲区人民政府办公室"


def test_cover_letter_whose_plan_is_missing_has_no_items() -> None:
    text = (
        "甲区人民政府办公室关于印发甲区2018年工作要点的通知\n各单位：\n现印发给你们，并提出如下要求：\n一、加强领导。\n二、抓好落实。\n"
        "甲区人民政府办公室\n2018年5月9日\n抄送：区委办。\n"
    )
    assert parse(Document(text, Source("a.txt", "0" * 64))).items == ()


@pytest.mark.parametrize(
    ("text", "title", "number", "issuer", "date"),
    [
        (
            "国务院关于印发“十四五”某某规划的通知\n国发〔2021〕20号\n各省、自治区、直辖市人民政府：\n现将规划印发给你们。\n国务院\n2021年11月12日\n"
            "（此件公开发布）\n“十四五”某某规划\n一、总体要求\n（一）指导思想。坚持发展。\n",
            "“十四五”某某规划", "国发〔2021〕20号", "国务院", "2021-11-12",
        ),
        (
            "教育部办公厅 财政部办公厅关于做好2020年某项工作的通知\n教财厅函〔2020〕3号\n各省、自治区、直辖市教育厅：\n一、高度重视。\n二、抓好落实。\n"
            "教育部办公厅　财政部办公厅\n2020年3月5日\n",
            "教育部办公厅财政部办公厅关于做好2020年某项工作的通知", "教财厅函〔2020〕3号", "教育部办公厅、财政部办公厅", "2020-03-05",
        ),
        (
            "国务院办公厅关于推进某项改革的指导意见\n（国办发〔2016〕55号）\n各省、自治区、直辖市人民政府：\n一、总体要求\n（一）改进服务。\n国务院办公厅\n2016年7月5日\n",
            "国务院办公厅关于推进某项改革的指导意见", "国办发〔2016〕55号", "国务院办公厅", "2016-07-05",
        ),
        (
            "中共甲市委办公室 甲市人民政府办公室印发《关于加强某项工作的实施意见》\n2019年1月2日\n一、总体要求\n（一）改进服务。\n",
            "关于加强某项工作的实施意见", None, "中共甲市委办公室、甲市人民政府办公室", "2019-01-02",
        ),
        (
            "市场监管总局关于某项工作的通知\n国市监稽〔2019〕56号\n各省市场监管局：\n一、抓好落实。\n市场监管总局\n2019年3月1日\n",
            "市场监管总局关于某项工作的通知", "国市监稽〔2019〕56号", "市场监管总局", "2019-03-01",
        ),
    ],
)  # fmt: skip
def test_opening_of_a_notice(text: str, title: str, number: str | None, issuer: str, date: str) -> None:
    found = parse(Document(text, Source("a.txt", "0" * 64))).notice
    assert (found.title, found.document_number, found.issuer, found.date_issued) == (title, number, issuer, date)


def test_frame_that_the_format_tells_is_no_part_of_the_notice() -> None:
    words = [
        "甲区政府网 部门动态",
        "甲区人民政府办公室关于印发甲区2018年工作要点的通知",
        "甲政办〔2018〕7号",
        "一、清理文件，",
        "— 2 —",
        "公布结果。",
        "分享",
    ]
    text = "\n".join(words)
    frame = tuple(Span(text.index(word), text.index(word) + len(word)) for word in (words[0], words[4], words[6]))
    parsed = parse(Document(text, Source("a.html", "0" * 64), frame=frame))
    assert [item.text for item in parsed.items] == ["清理文件，公布结果。"]
    assert [b.kind for b in parsed.blocks if b.span in frame] == [BlockKind.WEB_FRAME] * 3
