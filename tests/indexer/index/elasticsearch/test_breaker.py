import threading

import pytest

from indexer.index.elasticsearch.breaker import MOST_FAILURES, PAUSE_SECONDS, Breaker, Open


class Dead(Exception):
    """The server did not answer."""


class Clock:
    """A clock that stands until it is moved."""

    seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker((Dead,), clock)


def fail(breaker: Breaker, times: int = MOST_FAILURES, failure: type[Exception] = Dead) -> None:
    for _ in range(times):
        with pytest.raises(failure), breaker.guarded():
            raise failure


def test_requests_go_through_until_several_in_a_row_have_failed(breaker: Breaker) -> None:
    fail(breaker, MOST_FAILURES - 1)
    with breaker.guarded():
        pass
    fail(breaker, MOST_FAILURES)
    with pytest.raises(Open), breaker.guarded():
        pytest.fail("the server was asked")


def test_an_answer_that_is_an_error_is_an_answer(breaker: Breaker) -> None:
    fail(breaker, 2 * MOST_FAILURES, ValueError)
    fail(breaker, MOST_FAILURES - 1)
    fail(breaker, 1, ValueError)
    with breaker.guarded():
        pass


def test_after_the_pause_one_request_finds_out_for_all(breaker: Breaker, clock: Clock) -> None:
    fail(breaker)
    clock.seconds += PAUSE_SECONDS
    with breaker.guarded(), pytest.raises(Open), breaker.guarded():
        pytest.fail("a second one was let through")
    with breaker.guarded():
        pass


def test_a_server_that_is_still_dead_gets_another_pause(breaker: Breaker, clock: Clock) -> None:
    fail(breaker)
    clock.seconds += PAUSE_SECONDS
    fail(breaker, 1)
    clock.seconds += PAUSE_SECONDS / 2
    with pytest.raises(Open), breaker.guarded():
        pytest.fail("the server was asked")


def test_requests_do_not_wait_for_each_other(breaker: Breaker) -> None:
    inside = threading.Barrier(2, timeout=5)

    def ask() -> None:
        with breaker.guarded():
            inside.wait()

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not inside.broken
