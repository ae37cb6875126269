"""Sending what exceeds the watcher's own capacity."""

import asyncio
import time
from uuid import UUID

from celery import shared_task

from alerts.clock import database_now
from alerts.delivery.registry import open_providers
from alerts.services.sending.attempts import Job, carry_out, prepare
from alerts.services.sending.dispatch import claim
from alerts.services.sending.settlement import Settlement, settle


@shared_task(name="alerts.send_batch")
def send_batch(delivery_ids: list[str]) -> int:
    """Send those of these deliveries that nobody else holds; return how many were claimed."""
    claimed_at, now = time.monotonic(), database_now()
    ids = [UUID(delivery_id) for delivery_id in delivery_ids]
    claims = claim(limit=len(ids), now=now, ids=ids)
    jobs, settlements = prepare(claims, now=now, claimed_at=claimed_at)
    if claims:
        settlements += asyncio.run(send_all(jobs))
        settle(settlements, now=database_now())
    return len(claims)


async def send_all(jobs: list[Job]) -> list[Settlement]:
    """Send all of these at once; return what came of each."""
    async with open_providers(connections=max(1, len(jobs))) as providers:
        return await asyncio.gather(*(carry_out(job, providers) for job in jobs))
