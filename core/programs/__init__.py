"""Programs of others, run apart: what guards them, and what bsdtar opens."""
