"""Which places get which visits, when: an exact choice under rules, with a proven gap."""

from peelian.plan.allocate.allocating import allocate
from peelian.plan.allocate.sensitivity import sensitivity
from peelian.plan.allocate.visits_only import visits_only

__all__ = ["allocate", "sensitivity", "visits_only"]
