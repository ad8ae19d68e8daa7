"""What people judge: pairs of claims, incidents, single claims, samples; appended with who, when and why, and revocable."""
