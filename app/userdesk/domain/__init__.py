"""Plain data and rules of the product; imports nothing else of ours."""
