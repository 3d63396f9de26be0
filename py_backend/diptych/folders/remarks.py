"""What is said of files beside the conversion's own diagnostics, in both languages."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from diptych.conversion.model import Diagnostic, Severity
from diptych.equivalence.model import Text
from diptych.folders.imports import Imports
from diptych.folders.journal import Study
from diptych.folders.model import FileReport, FolderError, Kind, Outcome, Remark
from diptych.folders.survey import Entry, Reason, Skipped

_FULL = (errno.ENOSPC, errno.EDQUOT)

# By the code of the diagnostic. What the system says, or a name, is put in the place of {}.
SAID: dict[str, Text] = {
    "version-control": Text(
        "Left out: version control. The result is another history.", "未复制：版本控制数据。转换结果属于另一段历史。"
    ),
    "cache": Text("Left out: a cache that tools write anew.", "未复制：工具会重新生成的缓存。"),
    "virtual-environment": Text(
        "Left out: a virtual environment. Make one for the result.", "未复制：虚拟环境。请为转换结果另建一个。"
    ),
    "earlier-report": Text("Left out: the report of an earlier conversion.", "未复制：先前一次转换的报告。"),
    "special-file": Text("Left out: neither a file nor a directory nor a link.", "未复制：不是文件、目录或链接。"),
    "unreadable": Text("It can't be read: {}.", "无法读取：{}。"),
    "conversion-failed": Text(
        "Diptych failed on this file, which is a fault of Diptych: copied as it is ({}).",
        "Diptych 处理该文件时出错，这是 Diptych 的缺陷：原样复制（{}）。",
    ),
    "not-written": Text("It can't be written: {}.", "无法写入：{}。"),
    "too-large": Text(
        "It is larger than 4 MiB, which is data rather than code: copied as it is.",
        "超过 4 MiB，更像数据而非代码：原样复制。",
    ),
    "edited": Text(
        "It was edited in OUT since it was written, and stays as it is there. Delete it there to have it written anew.",
        "写入后在 OUT 中被修改过，保持现状。若要重新写入，请先在那里删除它。",
    ),
    "link-outside": Text("The link points out of the source, to {}.", "该链接指向源目录之外：{}。"),
    "types-not-followed": Text(
        "It imports {}, which use a framework. Types are not followed across files: what it does with their objects is "
        "unknown here and stays as it was.",
        "它导入了使用框架的 {}。类型不会跨文件追踪：对这些对象的操作在此处未知，保持原样。",
    ),
}


def skipped(found: Skipped) -> FileReport:
    """What the survey left out."""
    failed_ = found.reason is Reason.UNREADABLE
    severity = Severity.ERROR if failed_ else Severity.INFO
    outcome = Outcome.FAILED if failed_ else Outcome.SKIPPED
    return FileReport(found.path, Kind.OTHER, outcome, remarks=(_remark(severity, found.reason.value, found.detail),))


def failed(entry: Entry, why: str) -> FileReport:
    """A file that could not be read, or whose conversion died."""
    return FileReport(entry.shown, entry.kind, Outcome.FAILED, remarks=(_remark(Severity.ERROR, "unreadable", why),))


def not_converted(entry: Entry, why: str) -> FileReport:
    """A file that the converter itself failed on."""
    remark = _remark(Severity.ERROR, "conversion-failed", why)
    return FileReport(entry.shown, entry.kind, Outcome.UNCHANGED, remarks=(remark,))


def not_written(report: FileReport, error: OSError) -> FileReport:
    """A file that could not be written; what the conversion said of it stays."""
    return _with(report, Outcome.FAILED, _remark(Severity.ERROR, "not-written", error.strerror or str(error)))


def kept(report: FileReport) -> FileReport:
    """A file that was edited in OUT."""
    return _with(report, Outcome.KEPT, _remark(Severity.WARNING, "edited"))


def large(entry: Entry) -> FileReport:
    """A file that is copied for its size."""
    return FileReport(entry.shown, entry.kind, Outcome.UNCHANGED, remarks=(_remark(Severity.WARNING, "too-large"),))


def leaves(report: FileReport, entry: Entry) -> FileReport:
    """A link to somewhere else."""
    target = os.fsencode(entry.target).decode("utf-8", "backslashreplace")
    return _with(report, report.outcome, _remark(Severity.INFO, "link-outside", target))


def with_imports(report: FileReport, study: Study | None, imports: Imports) -> FileReport:
    """Says where types would have to be followed into other files."""
    behind = imports.frameworks_behind(study) if study is not None else ()
    if not behind:
        return report
    severity = Severity.INFO if study is not None and study.framework else Severity.WARNING
    return _with(report, report.outcome, _remark(severity, "types-not-followed", ", ".join(behind)))


def notes(imports: Imports, studies: Iterable[Study], left: tuple[str, ...]) -> tuple[Text, ...]:
    """What is true of the directory as a whole."""
    found: list[Text] = []
    importing = sum(bool(imports.frameworks_behind(study)) for study in studies)
    if importing:
        found.append(
            Text(
                "Types are not followed across files. What is done with objects of other files is converted only where "
                f"the file itself says what they are. Files that import others that use a framework: {importing}.",
                f"类型不会跨文件追踪：有 {importing} 个文件导入了使用框架的其他文件。"
                "只有文件自身能说明对象是什么时，相关代码才会被转换。",
            )
        )
    if shadows := imports.shadows():
        names = ", ".join(f"`{path}`" for path in shadows)
        found.append(
            Text(
                f"{names} has the name of a framework: imports of that name were taken for the framework's.",
                f"{names} 与框架同名：同名的导入被当作框架处理。",
            )
        )
    if left:
        names = ", ".join(f"`{path}`" for path in left[:20]) + (" ..." if len(left) > 20 else "")
        found.append(
            Text(
                f"OUT still holds files that the source no longer has: {names}.",
                f"OUT 中仍有源目录已不存在的文件：{names}。",
            )
        )
    return tuple(found)


def readable(path: Path) -> str:
    """A path that any encoding of Unicode can hold."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def is_full(error: OSError) -> bool:
    """Whether no further file can be written either."""
    return error.errno in _FULL


@contextmanager
def full_disk_told(root: Path) -> Iterator[None]:
    """A disk without room ends the run, with a sentence."""
    try:
        yield
    except OSError as error:
        if not is_full(error):
            raise FolderError(f"{readable(root)} can't be written: {error.strerror or error}.") from error
        raise FolderError(
            f"There is no room left for {readable(root)}. What is there is whole; make room and give the same command "
            "again: it goes on where it stopped."
        ) from error


def _remark(severity: Severity, code: str, detail: str = "") -> Remark:
    return Remark(Diagnostic(severity, 0, 0, code, SAID[code].en.replace("{}", detail)), detail)


def _with(report: FileReport, outcome: Outcome, remark: Remark) -> FileReport:
    return msgspec.structs.replace(report, outcome=outcome, remarks=(*report.remarks, remark))
