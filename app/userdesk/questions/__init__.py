"""Question sets: what a chatbot is asked, what is expected of its answers, and the report."""
