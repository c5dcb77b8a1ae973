# One image for every service; which one runs is said by the command: `node services/<name>/main.ts`.
FROM node:24-slim

ENV NODE_ENV=production \
    NODE_COMPILE_CACHE=/app/.cache/compile \
    NODE_OPTIONS="--disable-warning=TimeoutNegativeWarning --disable-warning=ExperimentalWarning"

WORKDIR /app
COPY . .
RUN npx --yes pnpm@12 install --prod --frozen-lockfile \
    && npm cache clean --force \
    && mkdir -p .cache .antiphon \
    && chown node:node .cache .antiphon

USER node
CMD ["node", "services/standalone/main.ts"]
