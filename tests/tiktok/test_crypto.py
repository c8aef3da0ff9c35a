import pytest
from tiktok import crypto
from tiktok.errors import SealError

OLD = crypto.make_key()
NEW = crypto.make_key()


def test_sealed_text_is_decrypted():
    sealed = crypto.Sealer(NEW).seal("s3cret ë 😀")
    assert "s3cret" not in sealed
    assert crypto.Sealer(NEW).open(sealed) == "s3cret ë 😀"


def test_same_secret_is_sealed_differently_each_time():
    sealer = crypto.Sealer(NEW)
    assert sealer.seal("s3cret") != sealer.seal("s3cret")


def test_rotation_decrypts_with_both_keys_and_encrypts_with_the_first():
    rotated = crypto.Sealer(f"{NEW}, {OLD}")
    assert rotated.open(crypto.Sealer(OLD).seal("old")) == "old"
    assert crypto.Sealer(NEW).open(rotated.seal("new")) == "new"
    with pytest.raises(SealError):
        crypto.Sealer(OLD).open(rotated.seal("new"))


def test_another_key_is_explained():
    with pytest.raises(SealError, match=r"sealed with another encryption key.*enter the secret"):
        crypto.Sealer(NEW).open(crypto.Sealer(OLD).seal("s3cret"))


def test_changed_text_is_not_decrypted():
    sealed = crypto.Sealer(NEW).seal("s3cret")
    at = len(sealed) // 2
    changed = sealed[:at] + ("A" if sealed[at] != "A" else "B") + sealed[at + 1 :]
    with pytest.raises(SealError):
        crypto.Sealer(NEW).open(changed)


@pytest.mark.parametrize("keys", ["hunter2", f"{NEW},hunter2", "é" * 44, "A" * 44])
def test_invalid_key_is_refused_and_not_repeated(keys):
    with pytest.raises(SealError, match="not a Fernet key") as refused:
        crypto.Sealer(keys)
    assert keys not in str(refused.value)
    assert refused.value.__suppress_context__


@pytest.mark.parametrize("keys", ["", " ", ",", " , ", None])
def test_missing_key_is_refused(keys):
    with pytest.raises(SealError, match="no encryption key"):
        crypto.Sealer(keys)


def test_made_key_is_valid():
    assert crypto.make_key() != crypto.make_key()
    crypto.Sealer(crypto.make_key())
