"""The desk file: tables, migrations and one module of queries per subject."""
