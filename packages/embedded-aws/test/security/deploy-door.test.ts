import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { openDeployDoor, readDeployToken } from "../../src/command/deploy-token.ts";
import { startServer } from "../../src/server.ts";
import { smallBlueprint } from "../deploy/small-blueprint.ts";
import { wholeAws } from "../wire/whole-aws.ts";
import { send } from "./a-browser.ts";

const program = new URL("../deploy/program", import.meta.url).pathname;
const body = JSON.stringify({ blueprint: smallBlueprint(), root: program, secrets: { Token: "t" } });

let environment: { readonly XDG_STATE_HOME: string };
beforeEach(() => {
  const XDG_STATE_HOME = mkdtempSync(join(tmpdir(), "state-"));
  onTestFinished(() => rmSync(XDG_STATE_HOME, { recursive: true }));
  environment = { XDG_STATE_HOME };
});
const folder = () => join(environment.XDG_STATE_HOME, "embedded-aws");

async function anAws() {
  const aws = wholeAws();
  const { url, close } = await startServer(aws, { port: 0 });
  onTestFinished(() => close());
  const deploy = (headers: Record<string, string>) =>
    send(url, {
      method: "POST",
      path: "/_embedded/deploy",
      headers: { "content-type": "application/json", ...headers },
      body,
    });
  return { aws, port: Number(new URL(url).port), deploy };
}

test("another user of this machine deploys no code without the token", async () => {
  const { aws, port, deploy } = await anAws();

  const closed = await deploy({});
  openDeployDoor(aws, port, environment);
  const refused = [
    await deploy({}),
    await deploy({ authorization: "Bearer undefined" }),
    await deploy({ authorization: `Bearer ${"0".repeat(64)}` }),
    await deploy({ authorization: readDeployToken(port, environment) }),
  ];
  const deployed = await deploy({ authorization: `Bearer ${readDeployToken(port, environment)}` });

  expect(closed).toMatchObject({ status: 403, body: expect.stringContaining("accepts no deployments over HTTP") });
  expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
  expect(deployed.status).toBe(200);
});

test("another user of this machine reads no token: the file has mode 600 in a folder of mode 700", async () => {
  const { aws, port } = await anAws();

  const close = openDeployDoor(aws, port, environment);
  const modes = [folder(), join(folder(), `deploy-token-${port}`)].map((path) => statSync(path).mode & 0o777);
  close();

  expect(modes).toEqual([0o700, 0o600]);
  expect(readdirSync(folder())).toEqual([]);
});

test("another user's file in the token's place is not read, and a folder open to others is emptied", async () => {
  const { aws, port } = await anAws();
  mkdirSync(folder());
  writeFileSync(join(folder(), `deploy-token-${port}`), "planted", { mode: 0o666 });
  chmodSync(join(folder(), `deploy-token-${port}`), 0o666);
  chmodSync(folder(), 0o777);

  const read = () => readDeployToken(port, environment);
  expect(read).toThrow("other users can read it");
  openDeployDoor(aws, port, environment);

  expect(read()).toMatch(/^[0-9a-f]{64}$/);
  expect(statSync(folder()).mode & 0o777).toBe(0o700);
});

test("a missing token is an error that names the port, the file and what writes it", () => {
  expect(() => readDeployToken(4566, environment)).toThrow(
    `Cannot read the deploy token for port 4566 from ${folder()}/deploy-token-4566: the file does not exist. The embedded AWS writes it when it starts`,
  );
});
