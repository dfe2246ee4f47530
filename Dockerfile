# Debian, not Alpine: every test of the project runs on glibc. Any Node from 20.19 on will do.
ARG NODE=20

FROM node:${NODE}-slim AS manifest
WORKDIR /app
COPY package.json package-lock.json .npmrc ./

FROM manifest AS build
RUN npm ci --include=dev --ignore-scripts
COPY tsconfig.json build.mjs ./
COPY src src
COPY client-demo client-demo
# Types and source maps are for those who develop.
RUN node build.mjs && find dist \( -name '*.map' -o -name '*.d.ts' \) -delete

# --ignore-scripts: what is native comes prebuilt, nothing is compiled or downloaded on the way.
FROM manifest AS production
RUN npm ci --omit=dev --ignore-scripts

FROM node:${NODE}-slim
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
RUN install -d -o node -g node /data
COPY --from=production /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json sources.yaml LICENSE ./
USER node
VOLUME /data
EXPOSE 3000
# Every role answers /healthz on PORT.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# The exec form: signals reach the program itself, which drains on SIGTERM.
ENTRYPOINT ["node", "dist/cli.js"]
CMD ["serve"]
