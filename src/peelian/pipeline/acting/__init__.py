"""Acting for whoever asks: the register, problems, decisions and the tasking pack, by the policy."""
