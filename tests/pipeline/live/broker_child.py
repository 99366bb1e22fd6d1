"""A consumer in a process of its own, to be killed: HOME URL SUBJECT FEED ACK_WAIT."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from peelian.pipeline.context import open_context
from peelian.pipeline.live.broker import BrokerAsked, take_messages
from peelian.pipeline.live.door import LiveDoor

if __name__ == "__main__":
    home, url, subject, feed, wait = sys.argv[1:]
    ctx = open_context(Path(home), None)
    asked = BrokerAsked(url, subject, feed, float(wait))
    asyncio.run(take_messages(LiveDoor(ctx), asked, lambda said: print(said, flush=True), lambda: None))
