"""What is in force and what is hidden, whatever happens in which order."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from indexer.index.elasticsearch.state import ABANDONED_SECONDS, GRACE_SECONDS, LEASE_SECONDS, State, Versions


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
