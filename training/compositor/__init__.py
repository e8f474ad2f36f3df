"""Composes training scenes and the sample clips from cut-outs, photographs and sounds."""
