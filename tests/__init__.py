"""What spans apps: the world, the stories, the house rules, real counterparts."""
