"""Find disclosures."""

from analysis.disclosure.rules import RULES, read_by_rules

__all__ = ["RULES", "read_by_rules"]
