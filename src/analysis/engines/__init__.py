"""Fast twins of plain functions in the core; each equals its plain function."""
