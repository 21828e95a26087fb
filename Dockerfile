# Three stages: what npm brings, what is built from it, and what runs.
ARG PYTHON=3.11-slim-bookworm

FROM node:22-slim AS npm
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --no-audit --no-fund


FROM python:${PYTHON} AS build
WORKDIR /app
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY --from=npm /src/node_modules node_modules
COPY .ci/vendor.py .ci/vendor.py
RUN python .ci/vendor.py
COPY manage.py ./
COPY mentoring mentoring
COPY programmes programmes
COPY tandems tandems
COPY templates templates
COPY static static
# The key is none: it only lets the settings load, and stays out of the image.
RUN SECRET_KEY=only-to-build DATA_DIR=/tmp python manage.py collectstatic --noinput --verbosity=0 \
    && rm -rf node_modules .ci


FROM python:${PYTHON}
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin app \
    && install -d -o app -g app -m 700 /data
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DATA_DIR=/data
USER app
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "mentoring/management/healthcheck.py"]
# No log of requests: the addresses of personal links are secrets.
CMD ["gunicorn", "mentoring.wsgi:application", "--bind=0.0.0.0:8000", "--worker-class=gthread", \
     "--workers=3", "--threads=4", "--worker-tmp-dir=/dev/shm", "--no-control-socket", \
     "--max-requests=2000", "--max-requests-jitter=200"]
