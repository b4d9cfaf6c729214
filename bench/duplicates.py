"""Near-duplicates: which altered copies are found again, among how many candidates, how fast.

Made-up pictures and reports, another seed than the method was tuned on. A pair counts as found if
it shares a key and is alike; equal bytes, and whole-picture hashes, stand beside as yardsticks.
BENCH_ORIGINALS sets how many pictures and how many reports there are, BENCH_REPORTS the size of
the heap of unrelated reports in which candidates are counted.
"""

from __future__ import annotations

import hashlib
import io
import os
import time
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from random import Random

import imagehash
from docx import Document
from PIL import Image
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.platypus import Paragraph, SimpleDocTemplate

from bench.figures import Figure, Goal
from bench.made import pictures, reports
from bench.made.collection import (
    DOCX,
    PDF,
    File,
    Outcome,
    fingerprints,
    pairs_by_key,
    picture_files,
    report_files,
    searched,
)
from bench.made.reports import Report
from shifan.vault.likeness import keys
from shifan.vault.likeness.wording import wording

ORIGINALS = int(os.environ.get("BENCH_ORIGINALS", "300"))
REPORTS = int(os.environ.get("BENCH_REPORTS", "20000"))
SEED = 20261125
WHOLE = 10
"""Bits of 64 in which whole-picture hashes of copies may differ, as is usual."""
PRECISION, RECALL = Goal(0.95, at_least=True), Goal(0.9, at_least=True)


def figures() -> Iterator[Figure]:
    """Precision and recall of pictures, of documents and by alteration, and what they cost."""
    made = (
        ("pictures", picture_files(SEED, ORIGINALS), list(pictures.ALTERATIONS)),
        ("documents", report_files(SEED, ORIGINALS, {DOCX: docx, PDF: pdf}),
         list(reports.ALTERATIONS)),
    )  # fmt: skip
    both: list[Outcome] = []
    for name, files, kinds in made:
        outcome, taken, compared = _search(files)
        both.append(outcome)
        yield from _quality(name, [outcome])
        for kind in kinds:
            pairs = len(outcome.copies(kind))
            yield Figure(f"  recall, {kind} ({pairs} pairs)", outcome.recall(kind))
        yield Figure("  candidates a file", 2 * len(outcome.candidates) / len(files))
        yield Figure("  of which not related", 2 * _strangers(outcome) / len(files))
        yield Figure("  a fingerprint", taken / len(files) * 1000, unit="ms")
        pairs = max(len(outcome.candidates), 1)
        yield Figure("  a candidate compared", compared / pairs * 1000, unit="ms")
        yield from _yardsticks(files)
    yield from _quality("pictures and documents", both)
    yield from _heap()


def docx(report: Report) -> bytes:
    """The report as python-docx writes it, with the same line at the head of every page."""
    document, buffer = Document(), io.BytesIO()
    document.sections[0].header.paragraphs[0].text = "示范创建工作材料"
    document.add_heading(report[0])
    for paragraph in report[1:]:
        document.add_paragraph(paragraph)
    document.save(buffer)
    return buffer.getvalue()


def pdf(report: Report) -> bytes:
    """The report as ReportLab sets it, in lines of about forty characters."""
    registerFont(UnicodeCIDFont("STSong-Light"))
    style = ParagraphStyle("body", fontName="STSong-Light", wordWrap="CJK", firstLineIndent=24)
    buffer = io.BytesIO()
    SimpleDocTemplate(buffer).build([Paragraph(paragraph, style) for paragraph in report])
    return buffer.getvalue()


def _search(files: list[File]) -> tuple[Outcome, float, float]:
    """What is found, and the seconds that fingerprints and the search took."""
    started = time.perf_counter()
    taken = fingerprints(files)
    between = time.perf_counter()
    outcome = searched(files, taken)
    return outcome, between - started, time.perf_counter() - between


def _quality(name: str, outcomes: list[Outcome]) -> Iterator[Figure]:
    found = [(outcome, pair) for outcome in outcomes for pair in outcome.found]
    right = sum(outcome.related(pair) for outcome, pair in found)
    copies = [(outcome, pair) for outcome in outcomes for pair in outcome.copies()]
    again = sum(pair in outcome.found for outcome, pair in copies)
    yield Figure(f"{name}: precision ({len(found)} pairs found)", right / len(found), (PRECISION,))
    yield Figure(f"{name}: recall ({len(copies)} pairs)", again / len(copies), (RECALL,))


def _strangers(outcome: Outcome) -> int:
    return sum(not outcome.related(pair) for pair in outcome.candidates)


def _yardsticks(files: list[File]) -> Iterator[Figure]:
    same = pairs_by_key([(hashlib.sha256(file.content).digest(),) for file in files])
    yield Figure("  yardstick: recall of equal SHA-256", Outcome(files, same, same).recall())
    if not files[0].media_type.startswith("image/"):
        return
    whole = [imagehash.phash(Image.open(io.BytesIO(file.content))) for file in files]
    near = frozenset(
        (a, b) for a, b in combinations(range(len(files)), 2) if whole[a] - whole[b] <= WHOLE
    )
    outcome = Outcome(files, near, near)
    yield Figure("  yardstick: recall of whole-picture pHash, all pairs", outcome.recall())
    yield Figure("  yardstick: precision of the same", outcome.precision)


def _heap() -> Iterator[Figure]:
    """How many of many unrelated reports, which share beginning, end and phrases, are looked at."""
    random = Random(SEED + 1)
    kept = [wording("\n".join(reports.report(random))) for _ in range(REPORTS)]
    by_key = [keys(one) if one else () for one in kept]
    holders = Counter(key for keys_ in by_key for key in keys_)
    every = sum(n * (n - 1) for n in holders.values()) / REPORTS
    yield Figure(f"{REPORTS} unrelated reports: candidates a report",
                 2 * len(pairs_by_key(by_key)) / REPORTS)  # fmt: skip
    yield Figure("  if common keys were not left out, counted with repeats", every)
