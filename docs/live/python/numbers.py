"""What the package asks of the standard library: which numbers are whole."""

Integral = int
Real = (int, float)
