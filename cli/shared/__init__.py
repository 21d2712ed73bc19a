"""What commands of all kinds share: streams, output files, tables, the command line as it was typed."""
