in_log data/receipt.tlog-proof "sanduq-log/1 ingest $bundle"
