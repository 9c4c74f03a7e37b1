# One image for the API and for indexing. Built with the embedding model; without it (--build-arg MODEL=none) search
# is lexical only. Its steps are those of scripts/image, which tests run without a container engine.
ARG MODEL=bge

FROM python:3.11-slim-bookworm AS build
WORKDIR /build
COPY constraints.txt pyproject.toml README.md LICENSE NOTICE ./
COPY scripts/image scripts/image
COPY corpus corpus
COPY analyzers analyzers
COPY indexer indexer
COPY search_api search_api
RUN scripts/image environment /

# The model is an artifact that Maven fetches; neither Maven nor Java is in the final image.
FROM build AS model-bge
RUN apt-get update && apt-get install --yes --no-install-recommends maven && rm -rf /var/lib/apt/lists/*
RUN scripts/image model /

FROM build AS model-none
RUN mkdir /opt/model

FROM model-${MODEL} AS model

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin xianli \
    && install --directory --owner xianli --group xianli /data
COPY --from=build /opt/xianli /opt/xianli
COPY --from=model /opt/model /opt/model
ENV PATH=/opt/xianli/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    XIANLI_DATA=/data \
    XIANLI_MODEL=/opt/model
USER 10001
VOLUME /data
EXPOSE 8000
ENTRYPOINT ["xianli"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
