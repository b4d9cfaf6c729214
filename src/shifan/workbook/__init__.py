"""A unit's entries as a workbook: filled in offline, compared before anything is written."""
