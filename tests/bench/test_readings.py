"""What is read: arrivals, statements, answers, processes."""

import os

from tools.bench.due import Alert, early_seconds, first_delays
from tools.bench.load import post_request, read_head
from tools.bench.proc import cpu_ms, memory_mb, tree
from tools.bench.provider import read_arrivals
from tools.bench.sink import Sink, content_length
from tools.bench.statements import Count, Statement, shortened

ALERTS = [Alert(10.0, ("+9991", "+9992")), Alert(10.0, ("+9993", "+9994"))]


def test_the_first_text_to_a_number_counts() -> None:
    lines = "1500000000 To=%2B9991&Body=a\n2500000000 To=%2B9991&Body=b\n2000000000 To=%2B9992"
    assert read_arrivals(lines) == {"+9991": 1.5, "+9992": 2.0}


def test_an_alert_is_as_late_as_its_first_contact() -> None:
    arrivals = {"+9992": 10.5, "+9991": 11.0, "+9993": 10.25}
    assert first_delays(ALERTS, arrivals) == [0.5, 0.25]


def test_a_second_contact_is_early_before_the_last_first_one() -> None:
    in_order = {"+9991": 10.1, "+9993": 10.2, "+9992": 10.3, "+9994": 10.4}
    assert early_seconds(ALERTS, in_order) == 0
    assert early_seconds(ALERTS, {**in_order, "+9992": 10.15}) == 1


def test_brackets_and_checks_of_references_are_no_queries() -> None:
    check = 'SELECT 1 FROM ONLY "public"."t" x WHERE "id" = $1 FOR KEY SHARE OF x'
    texts = ["BEGIN", "SELECT a FROM t", "COMMIT", check]
    count = Count([Statement(text, 2, 0.5, 1) for text in texts])
    assert count.queries == 2
    assert count.brackets == 4


def test_a_statement_is_shown_without_its_columns() -> None:
    text = 'SELECT "t"."a", "t"."b"\nFROM "t" WHERE "t"."a" IN ($1, $2)'
    assert shortened(text) == "SELECT … FROM t WHERE t.a IN (…)"


def test_an_answer_is_read_by_its_head() -> None:
    assert read_head(b"HTTP/1.1 201 Created\r\nContent-length: 12\r\n\r\n") == (201, 12)
    assert content_length(b"POST / HTTP/1.1\r\nContent-Length: 7\r\nHost: a") == 7


def test_a_request_says_how_long_it_is() -> None:
    request = post_request("/a", "token", b"{}")
    assert request.endswith(b"Content-Length: 2\r\n\r\n{}")


def test_the_sink_forgets_and_slows_down_when_told() -> None:
    sink = Sink()
    sink.arrivals.append((1, b"To=%2B9991"))
    assert sink.control(b"/_sink/count") == b"1"
    sink.control(b"/_sink/reset?delay_ms=100")
    assert sink.arrivals == []
    assert sink.delay == 0.1


def test_a_process_is_seen_with_its_time_and_size() -> None:
    assert tree(os.getpid())[0] == os.getpid()
    assert cpu_ms(os.getpid()) > 0
    pss, rss = memory_mb(os.getpid())
    assert 0 < pss <= rss
