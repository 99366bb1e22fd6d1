"""The history of a feed's rows: each key's states in order of availability, whatever the order of delivery.

A held version stands when no higher version was available as early. So a row that comes late, and belongs
before what is held, is written with the next version number, and what is held from then on is written once
more after it: every as-of read sees the history in its true order, and no file is ever rewritten.
"""

from __future__ import annotations

from typing import Final

# `state` is the content as it stands, or RETRACTED. `nominal` rows bring no time of their own at which they
# were known: they follow what is held, and the same state again is an old file come again.
_RETRACTED: Final = "(-1)::hugeint"

# Most keys are new and stand once in their file: they need none of what follows.
_BUSY: Final = """
create temp table busy as
select key_hi, key_lo from file_keys group by all having count(*) > 1
union select key_hi, key_lo from held
"""
_FILE: Final = f"""
create temp table fresh as
with f as (
  select k.*, case when k.retracted then {_RETRACTED} else k.content::hugeint end as state,
         case when k.nominal then greatest(k.available_at, coalesce(n.latest, k.available_at))
              else k.available_at end as known_at
  from file_keys k semi join busy b on b.key_hi = k.key_hi and b.key_lo = k.key_lo
  left join newest n on n.key_hi = k.key_hi and n.key_lo = k.key_lo
), once as (
  select * from f qualify row_number() over (partition by key_hi, key_lo, state, known_at order by "row") = 1
)
select * from once f where not exists (
  select 1 from held h where h.key_hi = f.key_hi and h.key_lo = f.key_lo and h.state = f.state
  and (f.nominal or h.available_at = f.known_at))
"""
_HELD: Final = f"""
create temp table held as
select key_hi, key_lo, version, op, content, available_at,
       case when op = 'retract' then {_RETRACTED} else content::hugeint end as state
from {{files}} where part = ?
and exists (select 1 from file_keys f where f.key_hi = b.key_hi and f.key_lo = b.key_lo)
"""
_NONE_HELD: Final = (
    "create temp table held (key_hi ubigint, key_lo ubigint, version usmallint, op varchar, "
    "content ubigint, available_at timestamptz, state hugeint)"
)
_NEWEST: Final = """
create temp table newest as select key_hi, key_lo, max(version)::integer as version,
max(available_at) as latest from held group by key_hi, key_lo
"""
# Held versions that still stand at some instant: no higher version was available as early.
_STANDING: Final = """
create temp table standing as select * from held qualify coalesce(
  available_at < min(available_at) over (partition by key_hi, key_lo order by version
  rows between 1 following and unbounded following), true)
"""
# Ties between rows of one file go by content, not by place in the file, so that its order never matters.
_TIMELINE: Final = """
create temp table timeline as
with line as (
  select key_hi, key_lo, available_at as known_at, 0 as late, content, state, null::ubigint as "row", version,
         false as nominal from standing s
  where exists (select 1 from fresh f where f.key_hi = s.key_hi and f.key_lo = s.key_lo)
  union all
  select key_hi, key_lo, known_at, 1, content, state, "row", null, nominal from fresh
), told as (
  select *, lag(state) over same as before, row_number() over same as place from line
  window same as (partition by key_hi, key_lo order by known_at, late, content, "row")
)
select *, state is distinct from before as changes from told
"""
# Kept: what changes the state, and what says again, at a later time of its own, that the state still stands:
# an older row delivered after it must not then overwrite it. From the first kept row on, all is written.
_KEPT: Final = f"""
create temp table kept as
with own as (
  select *, late = 1 and (changes or not nominal) as mine from timeline
), after as (
  select *, min(case when mine then place end) over (partition by key_hi, key_lo) as start from own
), written as (
  select *, row_number() over (partition by key_hi, key_lo order by place) as step,
         first_value(state) over (partition by key_hi, key_lo order by place) as opening
  from after where place >= start and (late = 0 or mine)
)
select w.key_hi, w.key_lo, w."row", w.late, w.known_at, w.state, w.before, w.changes,
       w.version as held_version,
       w.step + coalesce(n.version, case when w.opening = {_RETRACTED} then 0 else -1 end) as version
from written w left join newest n on n.key_hi = w.key_hi and n.key_lo = w.key_lo
"""
# A key whose versions are used up takes no more; and nothing late, where what follows it no longer fits.
ROWS: Final = f"""
with again as (
  select key_hi, key_lo, max(version) as highest from kept where late = 0 group by key_hi, key_lo
)
select k."row", greatest(k.version, coalesce(m.highest, 0)) as highest, k.version, k.known_at,
  case when k.state = {_RETRACTED} then 'retract'
       when k.before is null or k.before = {_RETRACTED} then 'assert' else 'revise' end as op,
  case when not k.changes then 'duplicate'
       when k.before is null or (k.before = {_RETRACTED} and k.state <> {_RETRACTED}) then 'accepted'
       else 'revised' end as bin,
  k.changes and k.state = {_RETRACTED} and k.before is not null as retracts
from kept k left join again m on m.key_hi = k.key_hi and m.key_lo = k.key_lo where k.late = 1
union all
select k."row", 0, case when k.retracted then 1 else 0 end, k.available_at,
       case when k.retracted then 'retract' else 'assert' end, 'accepted', false
from file_keys k anti join busy b on b.key_hi = k.key_hi and b.key_lo = k.key_lo
"""
ALL_NEW: Final = """
select k."row", case when k.retracted then 1 else 0 end::bigint as version, k.available_at as known_at,
       case when k.retracted then 'retract' else 'assert' end as op, false as retracts, 'accepted' as bin
from file_keys k
"""
"""What `ROWS` gives where no key is busy: none is held, none stands twice in the file."""

BUSY: Final = 3
"""After so many of the statements it is known which keys are busy."""

RESTATED: Final = """
select k.key_hi, k.key_lo, k.held_version, k.version, k.changes,
  max(k.version) over (partition by k.key_hi, k.key_lo) as highest from kept k where k.late = 0
"""


def statements(files: str | None) -> tuple[tuple[str, bool], ...]:
    """Give the statements that work out `kept` from `file_keys`, each with whether it needs the part's name.

    `files` reads the held files, None where nothing is held.
    """
    held = (_NONE_HELD, False) if files is None else (_HELD.format(files=files + " b"), True)
    return (held, *((sql, False) for sql in (_NEWEST, _BUSY, _FILE, _STANDING, _TIMELINE, _KEPT)))
