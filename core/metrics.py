"""Figures for operators, in Prometheus' format; counted across all workers."""

import os
import time
from collections.abc import Mapping

from flask import Flask, Response, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)

REQUESTS = Counter(
    "lumbung_requests_total", "Answers by endpoint and status", ["endpoint", "status"]
)
SECONDS = Histogram(
    "lumbung_request_seconds",
    "Time to answer",
    ["endpoint"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)


def _count(response: Response) -> Response:
    endpoint = request.endpoint or "none"
    REQUESTS.labels(endpoint, response.status_code).inc()
    SECONDS.labels(endpoint).observe(time.perf_counter() - g.get("began", time.perf_counter()))
    return response


def init_app(app: Flask) -> None:
    """Count every answer."""
    app.after_request(_count)


def page(jobs: Mapping[str, int], backups: Mapping[str, float]) -> Response:
    """All figures; with several workers they are read from PROMETHEUS_MULTIPROC_DIR.

    `jobs` counts the jobs in the queue by status, `backups` tells the age in seconds of the newest
    good one of each kind; both are the same for all workers.
    """
    of_queue = CollectorRegistry()
    gauge = Gauge("lumbung_jobs", "Jobs in the queue by status", ["status"], registry=of_queue)
    for status, count in jobs.items():
        gauge.labels(status).set(count)
    age = Gauge(
        "lumbung_backup_age_seconds", "Since it went well last", ["kind"], registry=of_queue
    )
    for kind, seconds in backups.items():
        age.labels(kind).set(seconds)
    registry: CollectorRegistry = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    text = generate_latest(registry) + generate_latest(of_queue)
    return Response(text, content_type=CONTENT_TYPE_LATEST)
