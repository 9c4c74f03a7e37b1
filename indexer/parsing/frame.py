"""Lines that a web page puts around a notice: time, source, share buttons, links, font size."""

import re

# The table of fields over a notice: 索引号、发文机关、标题、发文字号、成文日期…, one or several a line.
_FIELD_NAME = (
    r"(?:索引号|信息索引|发布机构|发文机关|制发机关|发文单位|公开主体|信息来源|来源|标题|名称|信息名称|发文字号|文号|主题分类|主题词|"
    r"信息分类|公文种类|文种|体裁分类|组配分类|公开(?:方式|类别|范围|形式|属性)|有效性|是否有效|效力状态|"
    r"(?:发布|发表|成文|生成|更新|公开|印发|失效|废止|生效)?(?:时间|日期))"
)
_FRAME = re.compile(
    rf"""^(?:
      {_FIELD_NAME}[:：].*
    | (?:发布|发表|成文|生成|更新|公开)?(?:时间|日期)[:：]?.{{0,4}}20[0-9]{{2}}[-/.年].*   # 时间 2023-01-05 10:46
    | 索引号.* | .{{0,6}}(?:浏览|点击|阅读)(?:次数|量)：?.* | 〔?(?:字体|字号)：.* | 〔打印.*
    | (?:责任)?编辑：.* | 作者：.* | 审核：.* | 责编：.*
    | 扫一扫.* | 附件下载.* | 相关(?:链接|文档|阅读|附件|政策|解读|稿件)：?.{{0,30}} | 上一篇.* | 下一篇.*
    | 您?的?(?:当前|现在)的?位置：?.*
    | 首页.* | 打印(?:本页)?.{{0,8}} | 关闭(?:窗口)? | 分享(?:到|至)?.{{0,12}} | 收藏 | 返回(?:顶部|首页)?
    | 版权所有.* | .{{0,10}}ICP备.* | 主办单位：.*承办.* | 网站(?:地图|标识码).*
    )$""",
    re.X,
)
_FIELD = re.compile(rf"(?P<name>{_FIELD_NAME})[:：](?P<value>.*?)(?={_FIELD_NAME}[:：]|$)")
_PAGE_NUMBER = re.compile(r"^(?:[-·]+[0-9]{1,4}[-·]+|第[0-9]{1,4}页(?:[，/]?共[0-9]{1,4}页)?|[0-9]{1,4}/[0-9]{1,4})$")
_SHORT = 14


def is_frame(text: str) -> bool:
    """Whether a line of folded text is a part of a web page's frame."""
    return bool(_FRAME.match(text))


def is_page_number(text: str) -> bool:
    """Whether a line is a page number, which may stand in the middle of a sentence: — 3 —, 第3页 共9页, 3/9."""
    return bool(_PAGE_NUMBER.match(text))


def is_frame_leftover(text: str) -> bool:
    """Whether a line may be a button or a link's name, such as 政策文件, once the frame has begun."""
    return len(text) <= _SHORT and not re.search(r"[。；，、0-9]", text)


def read_fields(text: str) -> dict[str, str]:
    """The fields of a line of the frame: 发文机关：国务院办公厅 成文日期：2020年10月27日 → two of them."""
    return {match["name"]: match["value"] for match in _FIELD.finditer(text) if match["value"]}
