"""Gateways without real money, for demos and tests: own ledgers, faults on request, loopback only.

They talk over real HTTP as the gateways' papers say, so the adapters run unchanged against them.
`python -m orders.simulators` starts both; `make run` does so by itself where no key is set. They
know nothing of our database, and the house refuses to start with them beside production keys.
"""
