"""Every sentence has its Chinese twin, and none stands in the catalogue unused."""

import re

from tools.messages import catalogue, collect


def test_every_sentence_has_its_chinese_twin():
    held = {message.id if isinstance(message.id, tuple) else (message.id,): message.string
            for message in catalogue() if message.id}  # fmt: skip

    missing = sorted(set(collect()) - {key for key, text in held.items() if text and all(text)})

    assert missing == []


def test_no_translation_is_left_over():
    held = {m.id if isinstance(m.id, tuple) else (m.id,) for m in catalogue() if m.id}

    assert sorted(held - set(collect())) == []


def test_translations_keep_their_placeholders():
    wrong = []
    for message in catalogue():
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = set(re.findall(r"%\(\w+\)[sd]", ids[-1]))
        wrong += [text for text in strings if set(re.findall(r"%\(\w+\)[sd]", text)) != wanted]

    assert wrong == []
