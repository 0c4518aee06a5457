import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeregisterImageCommand, DisableImageDeregistrationProtectionCommand, EC2Client } from "@aws-sdk/client-ec2";
import { CancelImageCreationCommand, ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { expect, test } from "vitest";
import { findBuild } from "../../adapters/build/builds.ts";
import { findChannel, pointChannel } from "../../adapters/channel/channels.ts";
import type { Ledger } from "../../adapters/ledger/table.ts";
import { openLedger, readBlueprint } from "../../cli/command/open-ledger.ts";
import { parseBuildArn } from "../../events/ids.ts";
import { account, type Ended, type FactoryOnAPort, start, startFactory } from "../world/running-factory.ts";
import { HOUR } from "../world/time.ts";
import { withEnv } from "../world/with-env.ts";

const lastLine = ({ stdout }: Ended): Record<string, string> => JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
const buildOf = ({ events }: FactoryOnAPort, n = 0) =>
  parseBuildArn(String(events.filter(({ detailType }) => detailType === "build.started")[n]?.detail.build));

/** The factory's ledger, as the command opens it. */
async function ledgerOf({ env }: FactoryOnAPort): Promise<Ledger> {
  withEnv(env);
  return openLedger(await readBlueprint());
}

test("a build that reaches the first channel exits with 0, prints its progress, and writes build and outcome for CI", async () => {
  const factory = await startFactory();
  const outputs = join(tmpdir(), `amint-outputs-${process.pid}`);
  const asked = ["al2023-base", "--wait", "--note", "ada", "--reason", "a new agent", "--outputs", outputs];

  const command = factory.amint("build", ...asked);
  // Only then: factory time passes faster than a process starts, and a build for another reason could be first.
  await command.said("al2023-base was requested");
  const { code, stdout, stderr } = await factory.racing(command.ended);

  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const build = buildOf(factory);
  expect(stdout).toMatch(/^ +\d+s {2}al2023-base was requested$/m);
  // Factory time passes faster than the command asks: a later build may be there already.
  expect(stdout).toMatch(
    /\nal2023-base \d+\.\d+\.\d+\/1: succeeded: it (is in candidate|was in candidate, which now points at build .*\/2)\n$/,
  );
  expect(stdout).not.toContain("\u001B");
  expect(await readFile(outputs, "utf8")).toBe(`build=${build}\noutcome=succeeded\n`);
  const { detail } = factory.events.find(({ detailType }) => detailType === "build.started")!;
  const root = `arn:aws:iam::${account}:root`;
  expect(detail.triggers).toEqual([
    { kind: "manual", requestedBy: root, principal: root, note: "ada", reason: "a new agent" },
  ]);
});

test("with --json each line is an object, and the last one has the outcome", { tags: "deep" }, async () => {
  const factory = await startFactory();

  const ended = await factory.racing(factory.amint("build", "al2023-base", "--until", "available", "--json").ended);

  expect(ended.code).toBe(0);
  const lines = ended.stdout.trim().split("\n");
  expect(lines.slice(0, -1).map((line) => JSON.parse(line).type)).not.toContain("outcome");
  expect(lastLine(ended)).toEqual({
    type: "outcome",
    image: "al2023-base",
    outcome: "succeeded",
    reason: "it is available",
    build: buildOf(factory),
  });
});

test("without --wait, exit code 0 only means that the request was sent", { tags: "deep" }, async () => {
  const factory = await startFactory();

  const first = await factory.amint("build", "al2023-base").ended;
  const second = await factory.amint("build", "al2023-base").ended;

  expect([first.code, second.code]).toEqual([0, 0]);
  expect(first.stdout).toMatch(/^al2023-base \S+\/1: started: arn:aws:imagebuilder:/);
  expect(second.stdout).toMatch(/^al2023-base: waits: waits: build \S+\/1 is in progress\n$/);
});

test("a failed build exits with 2, and names component, phase, step and reason", { tags: "deep" }, async () => {
  const factory = await startFactory({
    step: ({ step }) =>
      step === "InstallCloudWatchAgent" ? { exitCode: 22, stderr: "503 from the mirror" } : undefined,
  });

  const { code, stdout } = await factory.racing(factory.amint("build", "al2023-base", "--wait").ended);

  expect(code).toBe(2);
  expect(stdout).toMatch(/\/1: failed: acme-agents \/ build \/ InstallCloudWatchAgent: .*\n$/);
});

test("a build that the gate rejects exits with 3, and names rule and finding", async () => {
  const finding = {
    severity: "CRITICAL",
    fixAvailable: "YES",
    packageVulnerabilityDetails: { vulnerabilityId: "CVE-2026-99902", vulnerablePackages: [{ name: "openssl" }] },
  };
  const factory = await startFactory({ findings: () => [finding] });

  const { code, stdout } = await factory.racing(factory.amint("build", "al2023-base", "--wait").ended);

  expect(code).toBe(3);
  expect(stdout).toContain("rejected: the gate rejected it: cve-critical: 1 fixable critical finding(s), at most 0");
  expect(stdout).toContain("CVE-2026-99902");
});

test("a failed promotion exits with 4 and the failing step's reason", { tags: "deep" }, async () => {
  const factory = await startFactory();
  const waiting = factory.amint("build", "al2023-base", "--until", "stable");
  await factory.told("build.started");
  await factory.clock.runUntil(factory.clock.now() + 3 * HOUR);
  await waiting.said("in candidate, promotion continues");
  const candidate = await findChannel(await ledgerOf(factory), "al2023-base", "candidate");
  const elsewhere = new EC2Client({ ...factory.options, region: "us-east-1" });
  const copy = { ImageId: candidate?.amis["us-east-1"] };
  await elsewhere.send(new DisableImageDeregistrationProtectionCommand(copy));
  await elsewhere.send(new DeregisterImageCommand(copy));

  await factory.clock.runUntil(factory.clock.now() + 48 * HOUR);
  const { code, stdout } = await waiting.ended;

  expect(code).toBe(4);
  expect(stdout).toMatch(/promotion-failed: its promotion failed and was undone: \S+: .*ami-/);
});

test("a superseded build exits with 5, and names the newer one", { tags: "deep" }, async () => {
  const factory = await startFactory();
  const waiting = factory.amint("build", "al2023-base", "--wait");
  await factory.told("build.started");
  const ledger = await ledgerOf(factory);
  const newer = parseBuildArn(buildOf(factory).replace(/1$/, "2"));
  const startedAt = new Date(factory.clock.now() + HOUR).toISOString();
  await pointChannel(ledger, "al2023-base", "candidate", undefined, {
    build: newer,
    startedAt,
    amis: {},
    movedAt: startedAt,
  });

  const { code, stdout } = await factory.racing(waiting.ended);

  expect(code).toBe(5);
  expect(stdout).toMatch(/superseded: candidate points at the newer build \S+\/2\n$/);
  expect(factory.events.map(({ detailType }) => detailType)).not.toContain("channel.moved");
});

test("a build that had the channel before a newer one took it has succeeded", { tags: "deep" }, async () => {
  const factory = await startFactory();
  const waiting = factory.amint("build", "al2023-base", "--wait");
  await factory.told("build.started");
  // It sleeps through both promotions.
  waiting.child.kill("SIGSTOP");
  await factory.clock.runUntil(factory.clock.now() + 2 * HOUR);
  await factory.send("start-build", { trigger: "manual", image: "al2023-base", requestedBy: "grace" });
  await factory.clock.runUntil(factory.clock.now() + 2 * HOUR);
  waiting.child.kill("SIGCONT");

  const { code, stdout } = await waiting.ended;

  expect(code).toBe(0);
  expect(stdout).toMatch(/\/1: succeeded: it was in candidate, which now points at build \S+\/2\n$/);
});

test("a cancelled build exits with 6", { tags: "deep" }, async () => {
  const factory = await startFactory();
  const waiting = factory.amint("build", "al2023-base", "--wait");
  await factory.told("build.started");
  const client = new ImagebuilderClient(factory.options);
  await client.send(new CancelImageCreationCommand({ imageBuildVersionArn: buildOf(factory), clientToken: "once" }));

  const { code, stdout } = await factory.racing(waiting.ended);

  expect(code).toBe(6);
  expect(stdout).toContain("cancelled: it was cancelled");
});

test("a permanently ignored request exits with 7 and the reason, with or without --wait", {
  tags: "deep",
}, async () => {
  const factory = await startFactory();

  const [one, other] = await Promise.all([
    factory.amint("build", "al2023-web", "--wait").ended,
    factory.amint("build", "al2023-web").ended,
  ]);

  expect([one.code, other.code]).toEqual([7, 7]);
  expect(one.stdout).toBe("al2023-web: refused: its parent al2023-base has no build in channel stable yet\n");
});

test("a timeout exits with 124; the build continues", { tags: "deep" }, async () => {
  const factory = await startFactory();

  const { code, stdout } = await factory.amint("build", "al2023-base", "--timeout", "2s").ended;

  expect(code).toBe(124);
  expect(stdout).toMatch(/timeout: not in time, the build continues: amint why al2023-base \S+\/1\n$/);
  const record = await findBuild(await ledgerOf(factory), "al2023-base", buildOf(factory));
  expect(record?.status).toBe("building");
});

test("Ctrl-C exits with 130; the build continues", { tags: "deep" }, async () => {
  const factory = await startFactory();
  const waiting = factory.amint("build", "al2023-base", "--wait");
  await waiting.said("pending");

  waiting.child.kill("SIGINT");
  const { code, stdout } = await waiting.ended;

  expect(code).toBe(130);
  expect(stdout).toContain("interrupted: stopped waiting, the build continues");
  await factory.racing(factory.told("channel.moved"));
});

test("a request that meets a running build follows the next one, which it becomes together with others", {
  tags: "deep",
}, async () => {
  const factory = await startFactory();
  await factory.amint("build", "al2023-base", "--note", "ada").ended;
  await factory.amint("build", "al2023-base", "--note", "grace").ended;
  const waiting = factory.amint("build", "al2023-base", "--note", "linus", "--until", "available");
  await waiting.said("is in progress");

  const { code, stdout } = await factory.racing(waiting.ended);

  expect(code).toBe(0);
  expect(stdout).toMatch(/build \S+\/2 was started/);
  expect(stdout).toMatch(/al2023-base \S+\/2: succeeded: it is available\n$/);
  const started = factory.events.filter(({ detailType }) => detailType === "build.started");
  const asked = started[1]?.detail.triggers as { note: string }[];
  expect(asked.map(({ note }) => note).toSorted()).toEqual(["grace", "linus"]);
});

test("when AWS stops answering, the command ends with 1 and the request stays", { tags: "deep" }, async () => {
  const factory = await startFactory();
  const { port } = new URL(factory.options.endpoint);
  const way = createServer((socket) => void socket.pipe(connect(Number(port), "127.0.0.1")).pipe(socket));
  const sockets = new Set<Socket>();
  way.on("connection", (socket) => sockets.add(socket.on("error", () => {})));
  await once(way.listen(0, "127.0.0.1"), "listening");
  const AWS_ENDPOINT_URL = `http://127.0.0.1:${(way.address() as AddressInfo).port}`;
  const env = { ...factory.env, AWS_ENDPOINT_URL };
  const waiting = start(process.execPath, ["cli/command/amint.mjs", "build", "al2023-base", "--wait"], env);
  await waiting.said("pending");

  way.close();
  for (const socket of sockets) socket.destroy();
  const { code, stderr } = await waiting.ended;

  expect(code).toBe(1);
  expect(stderr).toMatch(/^amint: The build cannot be followed: /);
  expect(stderr).toContain("the build continues: amint why al2023-base");
});

test("invalid arguments are refused before any request", async () => {
  const factory = await startFactory();
  const ask = (...args: string[]) => factory.amint("build", "al2023-base", ...args).ended;

  const [until, timeout, endless, reason] = await Promise.all([
    ask("--until", "production"),
    ask("--timeout", "soon"),
    ask("--timeout", "40d"),
    ask("--reason", " "),
  ]);

  expect(until.stderr).toContain('"production": use available, candidate, stable.');
  expect(timeout.stderr).toContain('a duration up to 24d, such as "90s", "30m", "3h" or "2d".');
  expect(endless.stderr).toContain("a duration up to 24d");
  expect(reason.stderr).toContain("a text of 1 to 500 characters.");
  expect([until, timeout, endless, reason].map(({ code }) => code)).toEqual([1, 64, 64, 64]);
  expect(factory.events).toEqual([]);
});

test("an account without the factory gets AWS's error, without a stack trace", { tags: "deep" }, async () => {
  const factory = await startFactory();
  const env = { ...factory.env, AWS_ACCESS_KEY_ID: account.replace("1", "2") };

  const { code, stderr } = await start(process.execPath, ["cli/command/amint.mjs", "build", "al2023-base"], env).ended;

  expect(code).toBe(1);
  expect(stderr).toMatch(/^amint: The factory is not deployed .*amint-acme-start-build.*\n {2}fix: deploy it .*\n$/);
});
