"""`python -m userdesk.demo`: the embedded chatbot as a child of the full-screen program."""

import sys

from userdesk.demo.server.host import run_demo_server

if __name__ == "__main__":
    sys.exit(run_demo_server(embedded=True))
