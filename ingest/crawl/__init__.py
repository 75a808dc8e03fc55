"""The crawler: sites are listed once, and every night new and changed reports arrive by themselves."""
