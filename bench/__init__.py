"""Measurements against the budgets of the design. Ratios of one run: machines are noisy."""
