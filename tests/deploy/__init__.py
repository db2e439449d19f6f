"""Each way to deploy, started by what its file names."""
