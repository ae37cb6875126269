"""The Celery application of the reference."""

from celery import Celery

app = Celery("reference", set_as_current=False)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.imports = ["tools.bench.reference.tasks"]
app.conf.task_acks_late = True
