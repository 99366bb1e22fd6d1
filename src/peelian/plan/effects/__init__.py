"""Did it work: what an intervention changed, with its doubt. Pure: arrays in, figures out."""
