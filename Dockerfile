# embedkit serve: docker build -t embedkit . && docker run -p 8000:8000 -v "$PWD/keys.txt:/data/keys.txt:ro" embedkit
FROM python:3.12-slim AS build
ARG EXTRAS=serve
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY embedkit embedkit
COPY cli cli
COPY corpora corpora
RUN python -m venv /opt/embedkit && /opt/embedkit/bin/pip install --no-cache-dir ".[$EXTRAS]"

FROM python:3.12-slim
COPY --from=build /opt/embedkit /opt/embedkit
# Compiled kernels are kept in a folder that the user below may write.
RUN useradd --create-home --uid 10001 embedkit
USER embedkit
ENV PATH=/opt/embedkit/bin:$PATH PYTHONUNBUFFERED=1
WORKDIR /data
EXPOSE 8000
HEALTHCHECK --start-period=60s --interval=10s --timeout=5s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health', timeout=4)"]
# exec form: SIGTERM of docker stop reaches the service, which finishes what it has in hand
ENTRYPOINT ["embedkit", "serve", "--host", "0.0.0.0"]
CMD ["--keys", "/data/keys.txt"]
