"""Tests of training: they need PyTorch, so `make test-training` runs them and `make test` does not."""
