"""What only the advanced lessons use: decay laws, self-excitation, deletion, simulations."""
