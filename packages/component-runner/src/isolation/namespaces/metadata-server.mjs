// The instance metadata service of a system, in its network: version 2 only (EC2 user guide, "Use the Instance Metadata
// Service"). Run as: node metadata-server.mjs <instance metadata as JSON>. Writes to descriptor 3 once it listens.
import { randomUUID } from "node:crypto";
import { writeSync } from "node:fs";
import { createServer } from "node:http";

const { instanceId, region, accountId, imageId, instanceType } = JSON.parse(process.argv[2] ?? "{}");

/** @type {Readonly<Record<string, string>>} */
const answers = {
  "meta-data/instance-id": instanceId,
  "meta-data/ami-id": imageId,
  "meta-data/instance-type": instanceType,
  "meta-data/placement/region": region,
  "meta-data/placement/availability-zone": `${region}a`,
  "dynamic/instance-identity/document": JSON.stringify({ accountId, imageId, instanceId, instanceType, region }),
};

/** Issued tokens; systems need few, so the oldest are dropped first. */
const tokens = new Set();

createServer((request, response) => {
  const path = (request.url ?? "").replace(/^\/latest\//, "");
  const answer = (/** @type {number} */ status, body = "") => response.writeHead(status).end(body);
  if (path === "api/token") {
    if (request.method !== "PUT") return answer(405);
    if (!request.headers["x-aws-ec2-metadata-token-ttl-seconds"]) return answer(400);
    const token = randomUUID();
    tokens.add(token);
    if (tokens.size > 1000) tokens.delete(tokens.values().next().value);
    return answer(200, token);
  }
  if (!tokens.has(request.headers["x-aws-ec2-metadata-token"])) return answer(401);
  const found = answers[path];
  return found === undefined ? answer(404) : answer(200, found);
}).listen(80, "169.254.169.254", () => writeSync(3, "ready"));
