"""userdesk: a full-screen terminal client for chatbots hosted on Userdesk."""

__version__ = "0.2.0"
