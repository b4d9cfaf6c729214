"""A survey's form: read from XLSForm, asked on a page, checked, written back as XLSForm."""
