# One image for web, worker, beat and migrate. No secret enters it: production reads them at start.
FROM python:3.11-slim-bookworm AS build
RUN python -m venv /opt/venv
COPY requirements/base.txt /tmp/base.txt
RUN /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check \
    --only-binary :all: --require-hashes --requirement /tmp/base.txt
WORKDIR /app
# .dockerignore lets in what the portal runs on, and nothing else.
COPY . .
# The embedded settings need no server and no secret: what they make in VAR_DIR dies with this step.
RUN VAR_DIR=/tmp/var DJANGO_SETTINGS_MODULE=portal.settings.embedded \
    /opt/venv/bin/python manage.py collectstatic --no-input \
    && mv /tmp/var/static /srv/static && rm -r /tmp/var \
    && /opt/venv/bin/python -m compileall -q .

FROM python:3.11-slim-bookworm
RUN groupadd --system --gid 10001 portal \
    && useradd --system --uid 10001 --gid 10001 --home-dir /nonexistent --no-create-home \
       --shell /usr/sbin/nologin portal \
    && install --directory --owner 10001 --group 10001 --mode 0750 /srv/portal/files
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/static /srv/portal/static
COPY --from=build /app /app
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=portal.settings.production
WORKDIR /app
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["python", "deploy/healthy.py", "web"]
# WEB_CONCURRENCY says how many processes. Never --preload: a process that made a PDF must not fork.
CMD ["gunicorn", "portal.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--threads", "4", \
     "--max-requests", "5000", "--max-requests-jitter", "500", "--worker-tmp-dir", "/dev/shm", \
     "--no-control-socket"]
