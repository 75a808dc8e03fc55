"""What draws the samples: `python -m samples.generator.make`."""
