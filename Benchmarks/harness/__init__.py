"""The parts of the benchmarks: run.py says what they are for."""
