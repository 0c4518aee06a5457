import { styleText } from "node:util";
import { type Proof, proofs } from "../../events/share-verified.ts";
import type { FactoryEvent } from "./boot-factory.ts";
import type { PublishedChannel } from "./read-back.ts";

/** How far an AMI was tried for a channel, by account: the best of all trials. */
export function proofsOf(
  events: readonly FactoryEvent[],
  { channel, ami }: { readonly channel: string; readonly ami: string },
): ReadonlyMap<string, Proof> {
  const best = new Map<string, Proof>();
  for (const { detailType, detail } of events) {
    if (detailType !== "share.verified" || detail.channel !== channel || detail.amiId !== ami) continue;
    for (const { account, proof } of detail.accounts as { account: string; proof: Proof }[]) {
      const known = best.get(account);
      if (!known || proofs.indexOf(proof) > proofs.indexOf(known)) best.set(account, proof);
    }
  }
  return best;
}

const signs = { launched: "●", tried: "◐", open: "○", closed: "·" } as const;

/** Accounts by channels, with a sign for each region. */
export function shareTable(
  channels: readonly PublishedChannel[],
  events: readonly FactoryEvent[],
  names: Readonly<Record<string, string>>,
): string {
  const regions = [...new Set(channels.flatMap(({ amis }) => Object.keys(amis)))];
  const columns = channels.map((one) => ({
    heading: [one.image, one.channel],
    signOf: (account: string) => regions.map((region) => signIn(one, region, account, events)).join(" "),
  }));
  const accounts = Object.keys(names).filter((id) => channels.some(({ reach }) => (reach[id] ?? []).length > 0));
  const rows = accounts.map((id) => [names[id] ?? id, id, ...columns.map(({ signOf }) => signOf(id))]);
  const heads = [0, 1].map((nth) => [
    nth === 1 ? "account" : "",
    nth === 1 ? "id" : "",
    ...columns.map(({ heading }, at) => (nth === 0 && heading[0] === columns[at - 1]?.heading[0] ? "" : heading[nth])),
  ]);
  const widths = (heads[1] ?? []).map((_, column) =>
    Math.max(...[...heads.slice(1), ...rows].map((row) => row[column]?.length ?? 0), column < 2 ? 0 : 10),
  );
  const line = (cells: readonly (string | undefined)[]) =>
    cells
      .map((cell = "", column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  const bold = (text: string) => styleText("bold", text, { stream: process.stdout });
  const legend =
    `For each of ${regions.join(", ")}: ${signs.launched} an instance ran there, ${signs.tried} launch and keys, or a pull, were tried there, ` +
    `${signs.open} shared, ${signs.closed} not shared`;
  return [...heads.map((head) => bold(line(head))), ...rows.map(line), legend].join("\n");
}

function signIn(
  { channel, amis, reach }: PublishedChannel,
  region: string,
  account: string,
  events: readonly FactoryEvent[],
): string {
  const ami = amis[region];
  if (!ami || !reach[account]?.includes(region)) return signs.closed;
  const proof = proofsOf(events, { channel, ami }).get(account);
  if (proof === "launched") return signs.launched;
  return proof ? signs.tried : signs.open;
}
