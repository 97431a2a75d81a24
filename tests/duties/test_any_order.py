"""Whatever happens, in whatever order: nothing that is owed is lost.

The suite takes a short walk, the same every time. `DUTY_STEPS=10000 pytest
tests/duties/test_any_order.py` takes a long one, new every time.
"""

import os

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy.orm import Session

from tests.duties.town_hall import TownHall

STEPS = int(os.environ.get("DUTY_STEPS", "0"))
WALK = 50  # steps


def test_no_duty_is_without_an_owner_a_state_or_a_way_on(db: Session) -> None:
    class OnThisStore(TownHall):
        pass

    OnThisStore.db = db
    run_state_machine_as_test(
        OnThisStore,
        settings=settings(
            max_examples=max(4, -(-STEPS // WALK)),
            stateful_step_count=WALK,
            derandomize=not STEPS,
            phases=[Phase.generate],  # a walk is short enough to read as it is
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
