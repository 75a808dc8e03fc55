"""The forms: one YAML file each, what reads them, which there are."""
