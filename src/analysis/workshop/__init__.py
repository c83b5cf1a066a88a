"""The command line, the run and its pages, labelling by hand."""
