"""The command line: run, migrate, demo, imports, the first admin."""
