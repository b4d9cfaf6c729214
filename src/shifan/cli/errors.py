"""Every error of a command becomes sentences on standard error and exit code 1."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup

from shifan.cli.speech import complain
from shifan.errors import DomainError
from shifan.rulebook.base import Text
from shifan.rulebook.findings import InvalidRuleBook


class Sentences(TyperGroup):
    """The group of all commands; turns what they raise into sentences, never a traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # whoever reads has had enough: it ends without a word
            raise
        except Exception as error:
            text = explained(error)
            if text is None:
                raise
            complain(text)
            raise typer.Exit(1) from error


class Stop(Exception):
    """A command that cannot go on; ``text`` says why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(zh=zh, en=en)


def explained(error: Exception) -> Text | None:
    """The sentence for an error people can mend; None for a fault of the program."""
    if isinstance(error, InvalidRuleBook):
        zh, en = ("\n".join(each.in_(language) for each in error.findings)
                  for language in ("zh", "en"))  # fmt: skip
        return Text(zh=f"规则书不可用：\n{zh}", en=f"the rule book cannot be used:\n{en}")
    if isinstance(error, DomainError):
        texts = error.sentences()
        zh, en = (" ".join(text.in_(language) for text in texts) for language in ("zh", "en"))
        return Text(zh=zh, en=en)
    text = getattr(error, "text", None)
    if isinstance(text, Text):
        return text
    if type(error.__cause__).__name__ in ("UndefinedTable", "UndefinedColumn"):
        return Text(
            zh="数据库属于较早的版本：请先启动一次网站（shifan serve），它会完成升级",
            en="the database is of an earlier version: start the site once (shifan serve), which "
            "brings it up to date",
        )
    if isinstance(error, OSError) and error.filename is not None:
        return _file(error)
    if isinstance(error, OSError):
        return Text(zh=str(error) or type(error).__name__)
    return None


def _file(error: OSError) -> Text:
    name = error.filename
    if isinstance(error, FileNotFoundError):
        return Text(zh=f"找不到 {name}", en=f"{name} is not there")
    if isinstance(error, PermissionError):
        return Text(zh=f"没有读写 {name} 的权限", en=f"{name} may not be read or written")
    if isinstance(error, IsADirectoryError):
        return Text(zh=f"{name} 是文件夹", en=f"{name} is a folder")
    return Text(zh=f"{name}：{error.strerror}", en=f"{name}: {error.strerror}")
