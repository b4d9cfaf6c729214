"""The pages of evidence: the files of a clause, one file, the vault, large files on their way."""
