"""The Python worker: standard library, numpy, safetensors and the framework, nothing else."""
