"""From corpora to weights: data, network, training, ONNX export. PyTorch lives here alone; `sayso` never imports this package."""
