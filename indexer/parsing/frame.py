"""Lines that a web page puts around a notice: time, source, share buttons, links, font size."""

import re

_FRAME = re.compile(
    r"""^(?:
      (?:发布|发表|成文|生成|更新|公开)?(?:时间|日期)[:：]?.{0,4}20[0-9]{2}[-/.年].*   # 时间：2023-01-05 10:46
    | 发布机构：.* | 发文机关：.* | 索引号：?.* | (?:信息)?来源：.* | 主题(?:分类|词)：.* | 信息分类：.* | 公开(?:方式|类别|范围)：.*
    | 文[\s]*号：.* | 有效性：.* | 体裁分类：.* | 组配分类：.*
    | .{0,6}(?:浏览|点击|阅读)(?:次数|量)：?.* | 〔?(?:字体|字号)：.*
    | (?:责任)?编辑：.* | 作者：.* | 审核：.*
    | 扫一扫.* | 附件下载.* | 相关(?:链接|文档|阅读|附件|政策|解读)：?.{0,30} | 上一篇.* | 下一篇.* | (?:您)?(?:的)?当前(?:的)?位置：?.*
    | 首页.* | 打印(?:本页)?.{0,8} | 关闭(?:窗口)? | 分享(?:到|至)?.{0,12} | 收藏 | 返回(?:顶部|首页)?
    | 版权所有.* | .{0,10}ICP备.* | 主办单位：.*承办.* | 网站(?:地图|标识码).*
    )$""",
    re.X,
)
_SHORT = 14


def is_frame(text: str) -> bool:
    """Whether a line of folded text is a part of a web page's frame."""
    return bool(_FRAME.match(text))


def is_frame_leftover(text: str) -> bool:
    """Whether a line may be a button or a link's name, such as 政策文件, once the frame has begun."""
    return len(text) <= _SHORT and not re.search(r"[。；，、0-9]", text)
