"""Masks and pseudonyms: no handle, link, mail address or number gets through, in any script; words do."""

import hmac
import re
import string

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.collect.keys import Key, keyed_ids, load_key, pseudonyms
from analysis.collect.protection import mask_texts
from analysis.schema import InputError
from analysis.text import tokens


def mask_text(text):
    return mask_texts(pa.array([text], pa.string()))[0].as_py()


KEY = Key(b"k" * 32, None)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("@invented_1: me too", "[mention]: me too"),
        (".@invented, you", ".[mention], you"),
        ("hi ＠名前さん", "hi [mention]"),
        ("hi ＠име and @اسم_مخترع ok", "hi [mention] and [mention] ok"),
        ("to @name.bsky.social", "to [mention]"),
        ("to @name@server.example now", "to [mention] now"),
        ("to &#64;invented and &commat;invented", "to [mention] and [mention]"),
        ("to @\u200einvented", "to [mention]"),
        ("thanks u/invented_name and /u/other", "thanks [mention] and [mention]"),
        ("a.b+c@mail.example!", "[mail]!"),
        ("имя@почта.example", "[mail]"),
        ("name＠mail．example!", "[mail]!"),
        ("see an-invented-name.de, and invented.co.uk or invented.ly", "see [link], and [link] or [link]"),
        ("name (at) mail (dot) example", "[mail]"),
        ("name at gmail dot com", "[mail]"),
        ("https://t.co/abc123語です", "[link]語です"),
        ("https://link.example/名前?q=1 end", "[link] end"),
        ("www.link.example/a", "[link]"),
        ("HTTP://LINK.EXAMPLE/A", "[link]"),
        ("see link.example/someone", "see [link]"),
        ("see someone.tumblr.com and bit.ly/abc", "see [link] and [link]"),
        ("at://did:plc:abc/app.bsky.feed.post/1", "[link]"),
        ("did:plc:abcdef", "[link]"),
        ("mailto:someone", "[link]"),
        ("call +1 (555) 010-9999 now", "call [number] now"),
        ("call ٠١٢٣٤٥٦٧٨٩", "call [number]"),
        ("call ５５５－０１０－９９９９ or ५५५०१०९९९९", "call [number] or [number]"),
        (
            "5\ufe0f\u20e35\ufe0f\u20e35\ufe0f\u20e30\ufe0f\u20e31\ufe0f\u20e30\ufe0f\u20e39\ufe0f\u20e3",
            "[number]\ufe0f\u20e3",
        ),
        ("id 919659437487030272", "id [number]"),
    ],
)
def test_what_leads_to_a_person_is_masked(text, masked):
    assert mask_text(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        *("Me too. #MeToo", "in 2017, 12% of us", "#MeToo2017 at 10:30", "it happened.Me too", "a/b and/or"),
        *("I'm 15 @ noon", "1,000,000", "मैं भी #मीटू", "أنا كمان", "나도 #미투 24", "so: 1) this 2) that", ""),
        *("💔", "e.g. this", "[sic]"),
    ],
)
def test_words_stay(text):
    assert mask_text(text) == text


NAMES = st.text("abcxyz_09éяم名ก", min_size=1, max_size=15).filter(lambda name: re.search(r"[^\W\d_]", name))
AROUND = st.text(" \n.,!#éя名💔()", max_size=6)


LINKS = st.text(string.ascii_letters + string.digits + "/?=&%-_.", min_size=4, max_size=40)
NUMBERS = st.builds(
    lambda digits, between: between.join(digits),
    st.lists(st.sampled_from("0123456789٣５५"), min_size=7, max_size=15),
    st.sampled_from(["", " ", "-", ".", ") "]),
)


@settings(max_examples=50, deadline=None)
@given(AROUND, NAMES, LINKS, NUMBERS, AROUND)
def test_no_handle_link_or_phone_number_gets_through(before, name, link, number, after):
    handle, address, call = mask_texts(
        pa.array([f"{before} {told} {after}" for told in (f"@zq{name}", f"https://link.example/{link}", number)])
    ).to_pylist()
    assert "zq" not in handle.replace("[mention]", "")
    assert "link.example" not in address and link not in address.replace("[link]", "")
    assert not any(letter.isdigit() for letter in call)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.none() | st.text(max_size=60), max_size=20))
def test_masks_keep_the_rows_and_do_not_change_what_they_masked(texts):
    once = mask_texts(pa.array(texts, pa.string()))
    assert [text is None for text in once.to_pylist()] == [text is None for text in texts]
    assert mask_texts(once).equals(once)


def test_masks_are_no_words():
    masked = mask_text("@invented me too https://link.example/1 a@mail.example 555 010 9999")
    assert tokens(masked) == ["me", "too"]


def test_pseudonyms_are_the_hmac_of_platform_and_account():
    found = pseudonyms(
        pa.array(["@Invented", "invented", None, "invented"]),
        pa.array(["twitter", "twitter", "twitter", "reddit"]),
        KEY,
    )
    expected = "u-" + hmac.digest(b"k" * 32, b"author\0twitter\0invented", "sha256").hex()[:20]
    assert found.to_pylist()[:3] == [expected, expected, None]
    assert found[3].as_py() != expected
    ids = keyed_ids(pa.array(["1", "keyed-x", None]), pa.array(["twitter"] * 3), KEY)
    assert ids.to_pylist()[1:] == ["keyed-x", None]
    assert ids[0].as_py().startswith("keyed-")


def test_a_key_shows_itself_nowhere(tmp_path):
    key = load_key(tmp_path / "new" / "key")
    assert key.new
    assert key.secret.hex() not in repr(key) + str(key)
    assert load_key(tmp_path / "new" / "key").secret == key.secret
    (tmp_path / "bad").write_text("secret words")
    with pytest.raises(InputError) as error:
        load_key(tmp_path / "bad")
    assert "secret words" not in str(error.value)
    with pytest.raises(InputError):
        load_key(tmp_path)
