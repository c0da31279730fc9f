# One image for every process of the hub; docker-compose.yml says which one a container runs.
FROM python:3.12-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN pip install --no-cache-dir uv

WORKDIR /app
COPY pyproject.toml requirements.lock README.md ./
COPY events events
COPY services services
COPY hub hub
COPY templates templates
# The lock holds the test tools too: as constraints it pins what is installed and adds nothing.
RUN uv pip install --system --no-cache --constraint requirements.lock --editable .

# The data volume begins as a copy of this folder, owner included.
RUN useradd --create-home hub && install -d -o hub /data
USER hub
VOLUME /data
EXPOSE 8000
CMD ["hub", "run"]
