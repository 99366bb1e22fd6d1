"""The running state: events in one at a time, intensities current, changes out."""
