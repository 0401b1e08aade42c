"""What the product can do, in sentences. No HTTP."""
