"""The self-exciting point process over cells: fitted from events, in time linear in their number."""
