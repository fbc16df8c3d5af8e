"""Six digits, ten minutes, five tries, once, for one holder, number and purpose (R41)."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction

from portal import clock
from portal.codes import sms
from portal.codes.models import SmsCode
from portal.codes.purging import KEPT, purge
from portal.codes.sms import Binding, Verdict
from portal.messaging.models import Sms, SmsState

pytestmark = pytest.mark.django_db
ME = Binding(holder="user:7", purpose="mobile", number="+33612345612")
TEMPLATE = "accounts/sms/mobile_code"


def sent(binding=ME):
    """The code of an SMS just written."""
    row = sms.send_code(binding, template=TEMPLATE, context={})
    return row.sms.secret


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06}"


def test_a_code_is_six_digits_each_place_taking_each_digit():
    """R41."""
    drawn = [sms.draw() for _ in range(3000)]
    assert {len(code) for code in drawn} == {6}
    for place in range(6):
        assert {code[place] for code in drawn} == set("0123456789")


@pytest.mark.parametrize(
    "typed",
    [
        "123456", " 123456 ", "123 456", "12 34 56", "123-456", "1-2-3-4-5-6", "123\u00a0456", "123\u202f456",
        "１２３４５６", "１２３　４５６", "Votre code : 123 456", "code:123456.",
        "123.456", "123\u2011456", "\u200b123456",
        "123456\n", "Votre code est 123456.\nIl sert 10 minutes, pour certifier votre mobile.",
    ],
)  # fmt: skip
def test_a_code_is_read_as_people_type_and_paste_it(typed):
    assert sms.read(typed) == "123456"


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "abcdef", "123 4567", "123456 ou 654321", "١٢٣٤٥٦", "O12345"]
)
def test_what_holds_no_code_or_several_is_not_guessed(typed):
    assert sms.read(typed) == ""


def test_the_right_code_serves_once():
    """R41."""
    code = sent()
    answer = sms.try_code(code, ME)
    assert answer.verdict is Verdict.RIGHT
    assert sms.consume(code, ME)
    assert not sms.consume(code, ME)
    assert sms.try_code(code, ME).verdict is Verdict.NONE


def test_five_wrong_tries_kill_it_and_the_right_one_is_then_refused():
    """R41."""
    code = sent()
    answers = [sms.try_code(wrong(code), ME) for _ in range(6)]
    assert [answer.left for answer in answers[:4]] == [4, 3, 2, 1]
    assert [answer.verdict for answer in answers] == [Verdict.WRONG] * 4 + [Verdict.DEAD] * 2
    assert [answer.spent_now for answer in answers] == [False] * 4 + [True, False]
    assert sms.try_code(code, ME).verdict is Verdict.DEAD


def test_the_fifth_try_may_be_the_right_one():
    code = sent()
    for _ in range(4):
        sms.try_code(wrong(code), ME)
    assert sms.try_code(code, ME).verdict is Verdict.RIGHT


def test_what_cannot_be_a_code_costs_no_try():
    code = sent()
    for _ in range(9):
        assert sms.try_code("je ne sais pas", ME) == sms.Answer(Verdict.WRONG, 5)
    assert sms.try_code(code, ME).verdict is Verdict.RIGHT


def test_a_code_lives_ten_minutes():
    """R41."""
    with time_machine.travel(clock.now(), tick=False) as now:
        code = sent()
        now.shift(dt.timedelta(minutes=10) - dt.timedelta(seconds=1))
        assert sms.try_code(code, ME).verdict is Verdict.RIGHT
        now.shift(dt.timedelta(seconds=1))
        assert sms.try_code(code, ME).verdict is Verdict.EXPIRED


def test_a_newer_code_kills_the_former_one_and_its_sms_if_it_had_not_left():
    """R41."""
    first, second = sent(), sent()
    assert SmsCode.objects.count() == 1
    if first != second:
        assert sms.try_code(first, ME).verdict is Verdict.WRONG
    assert sms.try_code(second, ME).verdict is Verdict.RIGHT
    states = list(Sms.objects.order_by("pk").values_list("state", "secret"))
    assert states == [(SmsState.ABANDONED, ""), (SmsState.WAITING, second)]


def test_a_code_is_for_one_holder_one_number_one_purpose_and_one_text():
    """R41."""
    code = sent()
    others = {"holder": "user:8", "purpose": "bank", "number": "+33612345613", "bound_to": "FR76"}
    digests = {sms.digest(code, Binding(**{**vars(ME), name: value})) for name, value in others.items()}
    assert len(digests | {sms.digest(code, ME)}) == 5
    assert sms.try_code(code, Binding(ME.holder, ME.purpose, "+33612345613")).verdict is Verdict.WRONG
    assert sms.try_code(code, Binding("user:8", ME.purpose, ME.number)).verdict is Verdict.NONE
    assert sms.try_code(code, Binding(ME.holder, "bank", ME.number)).verdict is Verdict.NONE


def test_no_part_of_what_a_code_is_bound_to_can_pass_for_another():
    assert sms.digest("1", Binding("a:b", "c", "d")) != sms.digest("1", Binding("a", "b:c", "d"))
    assert sms.digest("1", Binding("a", "b", "c", "d")) != sms.digest("1", Binding("a", "b", "cd", ""))


def test_the_database_keeps_a_keyed_hash_only(settings):
    code = sent()
    Sms.objects.update(state=SmsState.ABANDONED, secret="", text="")
    assert code not in str(list(SmsCode.objects.values_list("digest", "holder", "number", "purpose")))
    before = sms.digest(code, ME)
    settings.CODE_KEY = "another" * 10
    assert sms.digest(code, ME) != before


def test_the_database_holds_no_sixth_try():
    sent()
    with pytest.raises(IntegrityError), transaction.atomic():
        SmsCode.objects.update(tries=6)


# --- the purge ------------------------------------------------------------------------------------------


def test_a_code_leaves_a_day_after_its_end_used_or_not_and_not_before():
    with time_machine.travel(clock.now(), tick=False) as now:
        sent()
        used = Binding(holder="user:8", purpose="mobile", number="+33612345613")
        sms.consume(sent(used), used)
        now.shift(sms.LIVES + KEPT)
        assert purge() == 0
        now.shift(1)
        assert purge() == 2
        assert purge() == 0
    assert Sms.objects.count() == 2  # what left is not forgotten with it


def test_a_row_that_a_new_code_took_over_stays():
    with time_machine.travel(clock.now(), tick=False) as now:
        sent()
        now.shift(KEPT * 2)
        code = sent()
        assert purge() == 0
        assert sms.try_code(code, ME).verdict is Verdict.RIGHT


def test_a_purge_that_did_not_run_for_long_is_made_up_for_in_chunks():
    for number in range(5):
        sent(Binding(holder=f"user:{number}", purpose="mobile", number="+33612345612"))
    SmsCode.objects.update(expires_at=clock.now() - 30 * KEPT)
    sent()
    assert purge(at_once=2) == 5
    assert SmsCode.objects.get().holder == ME.holder
