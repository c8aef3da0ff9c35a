import pytest
from tiktok import crypto
from tiktok.errors import SealError

OLD = crypto.make_key()
NEW = crypto.make_key()


def test_what_was_sealed_opens_again():
    sealed = crypto.Sealer(NEW).seal("s3cret ë 😀")
    assert "s3cret" not in sealed
    assert crypto.Sealer(NEW).open(sealed) == "s3cret ë 😀"


def test_the_same_secret_never_seals_the_same_way_twice():
    sealer = crypto.Sealer(NEW)
    assert sealer.seal("s3cret") != sealer.seal("s3cret")


def test_after_a_rotation_both_keys_open_and_the_first_seals():
    rotated = crypto.Sealer(f"{NEW}, {OLD}")
    assert rotated.open(crypto.Sealer(OLD).seal("old")) == "old"
    assert crypto.Sealer(NEW).open(rotated.seal("new")) == "new"
    with pytest.raises(SealError):
        crypto.Sealer(OLD).open(rotated.seal("new"))


def test_another_key_says_in_a_sentence_what_to_do():
    with pytest.raises(SealError, match=r"sealed with another encryption key.*enter the secret"):
        crypto.Sealer(NEW).open(crypto.Sealer(OLD).seal("s3cret"))


def test_what_was_changed_on_the_way_does_not_open():
    sealed = crypto.Sealer(NEW).seal("s3cret")
    at = len(sealed) // 2
    changed = sealed[:at] + ("A" if sealed[at] != "A" else "B") + sealed[at + 1 :]
    with pytest.raises(SealError):
        crypto.Sealer(NEW).open(changed)


@pytest.mark.parametrize("keys", ["hunter2", f"{NEW},hunter2", "é" * 44, "A" * 44])
def test_what_is_no_key_is_refused_without_repeating_it(keys):
    with pytest.raises(SealError, match="not a Fernet key") as refused:
        crypto.Sealer(keys)
    assert keys not in str(refused.value)
    assert refused.value.__suppress_context__


@pytest.mark.parametrize("keys", ["", " ", ",", " , ", None])
def test_no_key_is_said_as_such(keys):
    with pytest.raises(SealError, match="no encryption key"):
        crypto.Sealer(keys)


def test_a_new_key_is_a_key():
    assert crypto.make_key() != crypto.make_key()
    crypto.Sealer(crypto.make_key())
