"""Facts files in, result files out: CSV, XLSX and Parquet, read and written as streams."""
