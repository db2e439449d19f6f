"""What a network learns from: files, splits, distortions, examples."""
