"""The embedded chatbot: a strict server of the documented API, and what it knows."""
