"""Two chatbots side by side."""
