"""The vault: files kept once, by content hash, checked before anybody reads them."""
