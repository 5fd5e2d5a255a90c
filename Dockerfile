# One image for migrate, api, worker and simulators; the command says which.
# Debian, not Alpine: Temporal's native core is built against glibc.
FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY scripts ./scripts
RUN npm ci
COPY . .
RUN npm run build

FROM node:20-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY scripts ./scripts
RUN npm ci --omit=dev

FROM node:20-bookworm-slim
# Temporal's core reads the system's certificates for TLS.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json ./
# The simulators' ledgers; a volume mounted here takes over the owner.
RUN mkdir /data && chown node:node /data
USER node
CMD ["node", "dist/api/main.js"]
