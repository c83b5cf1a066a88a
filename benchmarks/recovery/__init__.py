"""What is planted, and what is asked back: one small module for each group of estimators, each with its ``ENTRIES``."""
