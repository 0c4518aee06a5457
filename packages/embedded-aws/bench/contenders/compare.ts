import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ask, repeat } from "./ask.ts";
import { type Contender, onPath, startContender } from "./contender.ts";

interface Speed {
  /** In wall time, which depends on what else the machine does, and on the client beside it. */
  readonly perSecond: number;
  /** The contender's processor time for one call; undefined if /proc does not have it. */
  readonly processorMs: number | undefined;
}

/** The measurements of one contender. */
export interface Measured {
  readonly coldStartMs: number;
  /** `ec2 DescribeImages` over 100 own AMIs, at 8 connections. */
  readonly describeImages: Speed;
  /** `organizations ListAccounts` over 50 in AWS's pages of 20, at 8 connections; undefined if not supported. */
  readonly listAccounts: Speed | undefined;
  readonly memoryMb: number | undefined;
}

const AMIS = 100;
const ACCOUNTS = 50;
const CONNECTIONS = 8;
/** AWS's default and maximum; moto would return all accounts in one page, which is not the same work. */
const PAGE = 20;

/** The embedded AWS in a separate process, as `amint local start` runs it. */
export async function measureOurs(seconds: number): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), "amint-bench-"));
  const seed = join(folder, "organization.yaml");
  const members = Array.from(
    { length: ACCOUNTS - 1 },
    (_, n) => `  - { id: ${200_000_000_000 + n}, name: member-${n} }`,
  );
  await writeFile(seed, `management: { id: 123456789012, name: management }\naccounts:\n${members.join("\n")}\n`);
  // As `npx embedded-aws` runs it, but without limits: moto does not throttle requests either.
  const bin = join(import.meta.dirname, "../../embedded-aws.mjs");
  const command = (port: string) => [bin, "--port", port, "--seed", seed, "--limits", "none"];
  try {
    return await measure(await startContender("the embedded AWS", command), seconds);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Undefined when moto_server is not on the PATH. */
export async function measureMoto(seconds: number): Promise<Measured | undefined> {
  const program = onPath("moto_server");
  if (!program) return undefined;
  const moto = await startContender("moto_server", (port) => [program, "-H", "127.0.0.1", "-p", port]);
  return measure(moto, seconds, async () => {
    await ask(moto.port, { service: "organizations", operation: "CreateOrganization", input: { FeatureSet: "ALL" } });
    for (let n = 1; n < ACCOUNTS; n++) {
      const input = { AccountName: `member-${n}`, Email: `member-${n}@example.com` };
      await ask(moto.port, { service: "organizations", operation: "CreateAccount", input });
    }
  });
}

async function measure(contender: Contender, seconds: number, makeAccounts = async () => {}): Promise<Measured> {
  const { port, coldStartMs } = contender;
  try {
    await makeImages(port);
    const count = (await imagesOf(port, "self")).length;
    if (count !== AMIS) throw new Error(`${contender.name} shows ${count} own AMIs instead of ${AMIS}`);
    const describeImages = await speedOf(contender, seconds, () => describe(port, "self"));
    const listAccounts = await makeAccounts()
      .then(() => speedOf(contender, seconds, () => listAll(port)))
      .catch(() => undefined);
    return { coldStartMs, describeImages, listAccounts, memoryMb: contender.memory() };
  } finally {
    await contender.stop();
  }
}

async function speedOf(contender: Contender, seconds: number, work: () => Promise<unknown>): Promise<Speed> {
  await work();
  const [began, before] = [performance.now(), contender.processorMs()];
  const calls = await repeat(CONNECTIONS, seconds, work);
  const [took, after] = [performance.now() - began, contender.processorMs()];
  const processorMs = before === undefined || after === undefined ? undefined : (after - before) / calls;
  return { perSecond: calls / (took / 1_000), processorMs };
}

/** Copies of a public image. */
async function makeImages(port: number): Promise<void> {
  const [SourceImageId = ""] = await imagesOf(port, "amazon");
  for (let n = 0; n < AMIS; n++) {
    const input = { SourceImageId, SourceRegion: "eu-west-1", Name: `copy-${n}` };
    await ask(port, { service: "ec2", operation: "CopyImage", input });
  }
}

const describe = (port: number, owner: string): Promise<string> =>
  ask(port, { service: "ec2", operation: "DescribeImages", input: { "Owner.1": owner } });

async function imagesOf(port: number, owner: string): Promise<string[]> {
  const text = await describe(port, owner);
  return [...text.matchAll(/<imageId>([^<]+)</g)].map(([, id]) => id ?? "");
}

async function listAll(port: number): Promise<void> {
  let count = 0;
  let next: string | undefined;
  do {
    const input = { MaxResults: PAGE, ...(next !== undefined && { NextToken: next }) };
    const page = JSON.parse(await ask(port, { service: "organizations", operation: "ListAccounts", input }));
    count += page.Accounts.length;
    next = page.NextToken;
  } while (next);
  if (count !== ACCOUNTS) throw new Error(`ListAccounts shows ${count} accounts instead of ${ACCOUNTS}`);
}
