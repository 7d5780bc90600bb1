"""Many countries' files into one repository: found, read each by itself, reduced by one writer.

Reading a file is a pure function of its bytes (``file_reader``), done where it may fail: in child processes that are
expendable (``child_readers``), or on the machines of a Dask scheduler (``dask_scheduler``). A file that ends its child,
or takes too long, is tried once more alone, then with the slower and more patient library, then refused; the others
never notice. What comes back is committed batch by batch (``aggregation``), so that a run that is killed goes on where
it was, and told apart at the end.
"""
