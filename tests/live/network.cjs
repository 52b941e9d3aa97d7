// Starts Bluesky's reference network and says on one line of JSON where it is; ends when told to.
"use strict";
const path = require("node:path");
const { createRequire } = require("node:module");
const installed = createRequire(path.join(process.env.SOCIALDESK_LIVE, "package.json"));
const { TestNetwork, mockMailer } = installed("@atproto/dev-env");

async function main() {
  const [plc, pds, bsky, ozone] = process.argv.slice(2).map(Number);
  const network = await TestNetwork.create({
    plc: { port: plc },
    pds: { port: pds, hostname: "localhost", enableDidDocWithSession: true },
    bsky: { port: bsky, dbPostgresSchema: "bsky", publicUrl: `http://localhost:${bsky}` },
    ozone: { port: ozone, dbMaterializedViewRefreshIntervalMs: 30_000 },
  });
  mockMailer(network.pds);
  nameChatService(network.pds.ctx.idResolver.did);
  process.stdout.write(JSON.stringify({ pds: network.pds.url, bsky: network.bsky.url }) + "\n");
}

// There is no service of direct messages here. Its name leads somewhere all the same, as it does on the real network,
// so that the accounts' server gets as far as judging the app password.
function nameChatService(resolver) {
  const chat = "did:web:api.bsky.chat";
  const resolve = resolver.resolve.bind(resolver);
  const service = [{ id: "#bsky_chat", type: "BskyChatService", serviceEndpoint: "http://127.0.0.1:9" }];
  resolver.resolve = async (did, ...rest) => (did === chat ? { id: chat, service } : resolve(did, ...rest));
}

process.on("SIGTERM", () => process.exit(0));
main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
