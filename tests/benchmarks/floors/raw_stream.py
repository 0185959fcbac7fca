"""The floor of the protocol: read a line, stream the answer to standard output as it comes."""

import os

import httpx

client = httpx.Client(headers={"Authorization": "Bearer bench"}, timeout=60, trust_env=False)
url = f"{os.environ['USERDESK_BASE_URL']}/v1/chatbot/bench/message"
while True:
    question = input("Message > ")
    with client.stream("POST", url, json={"message": question, "stream": True}) as response:
        for piece in response.iter_text():
            print(piece, end="", flush=True)
    print()
