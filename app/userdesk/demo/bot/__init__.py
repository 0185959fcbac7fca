"""What the embedded chatbot knows and how it finds an answer."""
