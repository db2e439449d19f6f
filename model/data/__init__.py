"""Training data: files, splits, augmentation, examples."""
