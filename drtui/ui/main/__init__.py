"""The main screen, composed of classes that each add one group of actions."""
