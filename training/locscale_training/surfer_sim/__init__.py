"""The embedded segmenter surfer-sim: simulated membrane proteins, training, evaluation, export."""
