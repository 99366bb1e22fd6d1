"""Live data put together: the door, the taker, the running state, replays."""
