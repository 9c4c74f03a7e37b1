"""Every page of the site in every state that an address leads to, over the sample notices."""

PAGES = {
    "start": "/",
    "results": "/?q=备案审查",
    "results-filtered": "/?q=备案审查&district=青溪区&district=松岭县&group=notice",
    "results-by-district": "/?q=备案审查&group=district",
    "results-understood": "/?q=青溪区2018年 行政复义 红头文件&plain=2018年",
    "results-none": "/?q=zzzz&year=2018",
    "results-broader": "/?q=备案审查&district=青溪区&year=2025",
    "item": "/items/a9f09fca2f54-017",
    "notice": "/notices/4a209140ec2b",
    "notices": "/notices",
    "notices-none": "/notices?year=1990",
    "holdings": "/holdings",
    "holdings-province": "/holdings?province=澜海省",
    "holdings-none": "/holdings?province=乌有省",
    "compare": "/compare?id=a9f09fca2f54-017&id=e1795ee9f212-017&id=a9f09fca2f54-005",
    "compare-none": "/compare",
    "draft": "/draft",
    "bad-filter": "/?q=备案&year=x",
    "not-found": "/nowhere",
}
"""Addresses by name."""
