"""The page's own words in both languages."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "title": "PyTorch and MXNet: the cheat sheet",
        "intro": (
            "What corresponds, what differs, what has no counterpart. Generated from Diptych's records; every pair "
            "that is marked as proven was executed in both frameworks and gave the same values."
        ),
        "proof": "proof",
        "proven": "proven",
        "unproven": "unproven",
        "none": "No counterpart:",
        "differences": "What differs",
        "search": "Search names, titles, code (press /)",
        "all": "All",
        "differs": "With differences",
        "missing": "Without counterpart",
        "empty": "Nothing holds all of these words. Try fewer, or a part of a name.",
        "shown": "shown",
        "of": "of",
        "largest": "largest difference",
        "language": "中文",
        "dialect": "dialect",
        "names": "names",
        "clear": "Clear the search",
    },
    "zh": {
        "title": "PyTorch 与 MXNet 速查表",
        "intro": (
            "哪些对应，哪些不同，哪些没有对应。由 Diptych 的记录生成；"
            "标为“已验证”的每一对都在两个框架中执行过，数值一致。"
        ),
        "proof": "验证",
        "proven": "已验证",
        "unproven": "未验证",
        "none": "没有对应：",
        "differences": "不同之处",
        "search": "搜索名称、标题、代码（按 /）",
        "all": "全部",
        "differs": "有差异",
        "missing": "没有对应",
        "empty": "没有同时包含这些词的条目。请减少词语，或只输入名称的一部分。",
        "shown": "条，共",
        "of": "",
        "largest": "最大差异",
        "language": "English",
        "dialect": "接口",
        "names": "名称",
        "clear": "清除搜索",
    },
}
