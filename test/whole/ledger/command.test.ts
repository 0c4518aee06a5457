import { credentials, TRANSPORTS } from "embedded-aws/testing/clients";
import { anAws, FACTORY, REGION } from "embedded-aws/testing/ec2";
import { expect, test } from "vitest";
import { listAnswers, listOpenApprovals } from "../../../adapters/approval/approvals.ts";
import { findClaim, findPending } from "../../../adapters/build/claims.ts";
import { readImageState } from "../../../adapters/build/image-state.ts";
import { listMoves } from "../../../adapters/channel/history.ts";
import { findGate } from "../../../adapters/evidence/evidence.ts";
import { pairOf } from "../../../adapters/ledger/former-keys.ts";
import { readTable } from "../../../adapters/ledger/migration.ts";
import { get, keyIn, type Ledger, put, remove, set } from "../../../adapters/ledger/table.ts";
import { migrate } from "../../../cli/ledger/migrate.ts";
import { parseBuildArn } from "../../../events/ids.ts";
import { makeLedger } from "../../world/ledger.ts";
import { formerTable, type Item } from "./former-table.ts";

const image = "ubuntu-2404-base";

/** A table of the former layout. */
async function openFormer(): Promise<Ledger> {
  const { aws } = anAws();
  const options = await TRANSPORTS.at(-1)!.connect(aws);
  const ledger = await makeLedger({ ...options, region: REGION, credentials: credentials(FACTORY) });
  for (const item of formerTable) await put(ledger, keyIn(item), item);
  return ledger;
}

/** A migration whose client stops after a number of requests; those sent before are carried out. */
async function die(ledger: Ledger, after: number, options: Parameters<typeof migrate>[1]): Promise<void> {
  const sent: Promise<unknown>[] = [];
  const send = (command: never) => {
    if (sent.length >= after) throw new Error("The connection is gone.");
    const answer = ledger.documents.send(command);
    sent.push(answer);
    return answer;
  };
  const documents = new Proxy(ledger.documents, {
    get: (of, name) => (name === "send" ? send : Reflect.get(of, name)),
  });
  await migrate({ ...ledger, documents }, options).catch(() => undefined);
  await Promise.allSettled(sent);
}

/** Without announcements, which say more than they need to. */
const inOrder = (items: readonly Item[] | readonly Readonly<Record<string, unknown>>[]) =>
  items
    .filter((item) => pairOf(keyIn(item))?.kind !== "openWork")
    .toSorted((a, b) => (`${a.pk}\n${a.sk}` < `${b.pk}\n${b.sk}` ? -1 : 1));

/** One of the recorded table. */
const former = (pk: string, sk: string): Item => {
  const found = formerTable.find((item) => item.pk.startsWith(pk) && item.sk.startsWith(sk));
  if (!found) throw new Error(`The recorded table has no ${pk} ${sk}.`);
  return found;
};
const buildIn = ({ pk }: Item): string => pk.slice("BUILD#".length);
const presentOf = (item: Item) => pairOf(item)!.present;

test("a table of the former layout is carried over, read by the program, and carried back as it was", async () => {
  const ledger = await openFormer();

  const first = await migrate(ledger, {});
  const again = await migrate(ledger, {});
  const finished = await migrate(ledger, { finish: true });

  expect([first.complete, again.complete, finished.complete]).toEqual([true, true, true]);
  expect(again.lines[0]).toMatch(/^To migrate: 0 records; to remove: 0; /);
  expect((await readTable(ledger)).filter((item) => pairOf(keyIn(item))?.former.pk === item.pk)).toEqual([]);
  expect((await readTable(ledger)).filter(({ pk }) => pk === "MIGRATED")).toEqual([]);
  const { claim, pending, builds, channels } = await readImageState(ledger, image);
  expect(claim).toEqual(await findClaim(ledger, image));
  expect(claim?.build).toBeDefined();
  expect(pending).toHaveLength(1);
  expect(pending).toEqual(await findPending(ledger, image));
  expect(builds.map(({ build }) => build)).toContain(channels.stable?.build);
  expect(builds.find(({ build }) => build === claim?.build)?.status).toBe("building");
  expect((await findGate(ledger, channels.stable!.build))?.verdict).toBe("passed");
  const [waiting] = await listOpenApprovals(ledger);
  expect(waiting).toMatchObject({ image: "al2023-web", channel: "stable" });
  const answered = buildIn(former("BUILD#", "ANSWER#stable#"));
  expect(await listAnswers(ledger, { build: parseBuildArn(answered), channel: "stable" })).toHaveLength(1);
  expect((await listMoves(ledger, image, "stable")).at(-1)?.build).toBe(channels.stable?.build);

  const back = await migrate(ledger, { back: true });
  const over = await migrate(ledger, { back: true, finish: true });

  expect([back.complete, over.complete]).toEqual([true, true]);
  expect(inOrder(await readTable(ledger))).toEqual(inOrder(formerTable));
});

test("what the former program did until it was replaced is carried over by the second pass", async () => {
  const ledger = await openFormer();
  await migrate(ledger, {});
  const claimed = former("IMAGES", `${image}#ACTIVE`);
  const approval = former("BUILD#", "APPROVAL#");
  const added = { ...former("BUILD#", "GATE"), sk: "UNDONE", undone: [] };
  await remove(ledger, keyIn(claimed));
  await set(ledger, keyIn(approval), { remindedAt: "2026-04-17T07:00:00Z" });
  await put(ledger, keyIn(added), added);

  const { complete } = await migrate(ledger, {});

  expect(complete).toBe(true);
  expect(await get(ledger, presentOf(claimed))).toBeUndefined();
  expect(await get(ledger, presentOf(approval))).toMatchObject({ remindedAt: "2026-04-17T07:00:00Z" });
  expect(await get(ledger, presentOf(added))).toMatchObject({ undone: [] });
});

test("what the deployed program has changed or removed is never overwritten, and is named where both did", async () => {
  const ledger = await openFormer();
  await migrate(ledger, {});
  const claimed = former("IMAGES", `${image}#ACTIVE`);
  const channel = former("IMAGES", `${image}#CHANNEL#stable`);
  const approval = former("BUILD#", "APPROVAL#");
  await remove(ledger, presentOf(claimed));
  await set(ledger, presentOf(channel), { by: "grace" });
  await set(ledger, presentOf(approval), { requestedAt: "2026-04-17T06:50:00Z" });
  await set(ledger, keyIn(approval), { remindedAt: "2026-04-17T07:00:00Z" });

  const pass = await migrate(ledger, {});
  const refused = await migrate(ledger, { finish: true });

  expect([pass.complete, refused.complete]).toEqual([false, false]);
  expect(pass.lines.filter((line) => line.startsWith("Both programs changed it"))).toEqual([
    expect.stringContaining(`"APPROVALS#ASKED" "${presentOf(approval).sk}" is kept`),
  ]);
  expect(refused.lines.at(-1)).toBe("Not finished: no record was removed.");
  expect(await get(ledger, presentOf(claimed))).toBeUndefined();
  expect(await get(ledger, presentOf(channel))).toMatchObject({ by: "grace" });
  expect((await get(ledger, presentOf(approval)))?.remindedAt).toBe(approval.remindedAt);
  expect(await get(ledger, keyIn(approval))).toBeDefined();

  const finished = await migrate(ledger, { finish: true, despiteConflicts: true });

  expect(finished.complete).toBe(true);
  expect(await get(ledger, keyIn(approval))).toBeUndefined();
  expect(await get(ledger, presentOf(approval))).toMatchObject({ requestedAt: "2026-04-17T06:50:00Z" });
});

test("on the way back the former program gets what today's wrote, before and after the table was finished", async () => {
  for (const finish of [false, true]) {
    const ledger = await openFormer();
    await migrate(ledger, finish ? { finish } : {});
    const channel = former("IMAGES", `${image}#CHANNEL#stable`);
    const reason = former("IMAGES", `${image}#PENDING#`);
    await set(ledger, presentOf(channel), { by: "grace" });
    await remove(ledger, presentOf(reason));

    const { complete } = await migrate(ledger, { back: true });

    expect(complete).toBe(true);
    expect(await get(ledger, keyIn(channel))).toMatchObject({ by: "grace" });
    expect(await get(ledger, keyIn(reason))).toBeUndefined();
  }
});

test("a migration that dies at any request loses nothing, forth or back", async () => {
  for (const after of [0, 1, 3, 161, 350, 480, 600]) {
    const ledger = await openFormer();

    await die(ledger, after, { finish: true });
    const onward = await migrate(ledger, { finish: true });

    expect([after, onward.complete]).toEqual([after, true]);
    await die(ledger, after, { back: true, finish: true });
    const back = await migrate(ledger, { back: true, finish: true });
    expect([after, back.complete]).toEqual([after, true]);
    expect(inOrder(await readTable(ledger))).toEqual(inOrder(formerTable));

    await die(ledger, after, { finish: true });
    const turned = await migrate(ledger, { back: true, finish: true });
    expect([after, turned.complete]).toEqual([after, true]);
    expect(inOrder(await readTable(ledger))).toEqual(inOrder(formerTable));
  }
});

test("records of no known kind are named and left alone, and a plan changes nothing", async () => {
  const ledger = await openFormer();
  const strange = { pk: "SOMETHING", sk: "else" };
  await put(ledger, strange, { of: "another tool" });
  const before = inOrder(await readTable(ledger));

  const { lines } = await migrate(ledger, { plan: true });

  expect(lines).toContain('Unknown kind, not changed: "SOMETHING" "else"');
  expect(inOrder(await readTable(ledger))).toEqual(before);

  await migrate(ledger, { finish: true });

  expect(await get(ledger, strange)).toEqual({ ...strange, of: "another tool" });
});
