"""Reports drawn, printed, scanned and damaged for measuring."""
