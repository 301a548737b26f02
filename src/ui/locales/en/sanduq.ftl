# sanduq
