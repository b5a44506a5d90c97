"""Values and judgements: no input or output, no clock, no environment."""
