"""Send the terminal only the cells that changed. `ansi_writer` knows terminals; `textual_frames` knows Textual."""
