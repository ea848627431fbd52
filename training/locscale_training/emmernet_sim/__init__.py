"""The network `emmernet-sim`: from an unsharpened map to a locally sharpened, denoised one, with its uncertainty."""
