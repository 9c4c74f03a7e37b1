"""What is in force and what is hidden, whatever happens in which order."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from indexer.index.elasticsearch.state import (
    ABANDONED_SECONDS,
    GRACE_SECONDS,
    HOLD_SECONDS,
    LEASE_SECONDS,
    State,
    Successor,
    Versions,
)


def shown(state: State) -> set[int]:
    return {version for version in range(1, state.next + 5) if state.shows(version)}


def numbers(versions: Versions) -> set[int]:
    return set(range(versions.first, versions.end))


def test_a_batch_is_seen_when_it_is_published_and_hides_what_it_replaces_in_the_same_step() -> None:
    first = State().allocate(3, 0.0)
    assert shown(first) == set()
    held = first.publish(first.pending[-1], [], 1.0)
    assert shown(held) == {1, 2, 3}
    second = held.allocate(2, 2.0)
    assert shown(second) == {1, 2, 3}
    after = second.publish(second.pending[-1], [1, 3], 3.0)
    assert shown(after) == {2, 4, 5}
    assert after.generation == 2


def test_replaced_versions_are_deleted_after_a_time_for_searches_that_began_before() -> None:
    state = State().allocate(4, 0.0)
    state = state.publish(state.pending[-1], [2, 3], 10.0)
    assert state.hidden == (Versions(2, 4, 10.0 + GRACE_SECONDS),)
    assert state.due(10.0 + GRACE_SECONDS) == ()
    assert state.due(11.0 + GRACE_SECONDS) == state.hidden
    assert state.forget(state.hidden).hidden == ()


def test_a_batch_whose_writer_died_stays_hidden_until_its_documents_are_deleted() -> None:
    state = State().allocate(2, 0.0)
    (batch,) = state.pending
    assert state.give_up_dead(LEASE_SECONDS) == state
    dead = state.give_up_dead(LEASE_SECONDS + 1)
    assert (dead.is_pending(batch), dead.is_abandoned(batch)) == (False, True)
    assert shown(dead) == set()
    assert dead.due(LEASE_SECONDS + ABANDONED_SECONDS) == ()
    assert [one.are(batch) for one in dead.due(LEASE_SECONDS + ABANDONED_SECONDS + 2)] == [True]


def test_what_is_pending_is_given_up_at_once_by_who_holds_the_index() -> None:
    held = State().allocate(2, 0.0).take("one", 0.0)
    (batch,) = held.pending
    given_up = held.give_up_pending(5.0)
    assert (given_up.is_pending(batch), given_up.is_abandoned(batch), shown(given_up)) == (False, True, set())
    assert given_up.due(5.0 + ABANDONED_SECONDS) == ()


def test_an_index_is_held_until_its_time_is_over_or_it_is_let_go_and_by_its_owner_until_another_takes_it() -> None:
    state = State().take("one", 0.0)
    assert [state.is_held(now) for now in (0.0, HOLD_SECONDS - 1, HOLD_SECONDS)] == [True, True, False]
    assert state.take("one", 10.0).is_held(HOLD_SECONDS)
    let_go = state.let_go()
    assert (let_go.is_held(0.0), let_go.held_by("one")) == (False, True)
    assert not let_go.take("two", 0.0).held_by("one")


def test_an_index_comes_into_use_once_for_each_change() -> None:
    first = State().take("one", 0.0).succeeded_by(2)
    assert (first.successor, first.hold) == (Successor(2, 1), None)
    second = State().take("one", 0.0).come_into_use(1, former=1)
    assert (second.hold, second.former, second.change) == (None, 1, 1)
    assert second.come_into_use(1, former=1) is second
    back = second.succeeded_by(1)
    again = first.come_into_use(2, former=2)
    assert (again.successor, again.former) == (None, 2)
    # Who still follows the first change stays here, and the one that was left leads here again.
    assert (again.come_into_use(1, former=7), back.successor) == (again, Successor(1, 2))


class AnyOrder(RuleBasedStateMachine):
    """Writers that begin, publish and die in any order, against a plain account of what is in force."""

    def __init__(self) -> None:
        super().__init__()
        self.state = State()
        self.now = 0.0
        self.in_force: set[int] = set()
        self.deleted: set[int] = set()

    @rule(count=st.integers(1, 4))
    def begin(self, count: int) -> None:
        self.state = self.state.allocate(count, self.now)

    @precondition(lambda self: self.state.pending)
    @rule(data=st.data())
    def publish(self, data: st.DataObject) -> None:
        batch = data.draw(st.sampled_from(self.state.pending))
        replaced = {version for version in sorted(self.in_force) if data.draw(st.booleans())}
        self.state = self.state.publish(batch, replaced, self.now)
        self.in_force = (self.in_force - replaced) | numbers(batch)

    @rule(seconds=st.floats(0, 2 * LEASE_SECONDS))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds
        self.state = self.state.give_up_dead(self.now)

    @rule()
    def delete_due(self) -> None:
        due = self.state.due(self.now)
        self.deleted = self.deleted.union(*map(numbers, due))
        self.state = self.state.forget(due)

    @invariant()
    def what_is_in_force_is_shown_and_nothing_else(self) -> None:
        assert shown(self.state) - self.deleted == self.in_force

    @invariant()
    def nothing_in_force_is_deleted(self) -> None:
        assert not self.deleted & self.in_force


TestAnyOrder = AnyOrder.TestCase
