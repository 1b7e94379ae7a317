"""The file: its cells as plain values, and what stands behind them, in every format."""
