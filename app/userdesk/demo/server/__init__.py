"""The embedded chatbot's HTTP server: the documented API, strict in, exact out."""
