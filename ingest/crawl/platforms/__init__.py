"""What is known of the platforms that whole provinces run on: one YAML file each in `known/`, one engine."""
