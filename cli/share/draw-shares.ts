import { buildVersion } from "../../core/build/build-arn.ts";
import { parametersOf } from "../../core/channel/regions.ts";
import type { ShareRow } from "../../core/share/list-shares.ts";
import { type Proof, proofs } from "../../events/share.ts";
import { clockIn } from "../command/moments.ts";
import { styled } from "../command/print.ts";
import type { Shares } from "./read-shares.ts";

const THE_ROOT = "(the root)";
/** With more regions than this, regions with equal cells share a column. */
const MOST_COLUMNS = 4;

interface Shown {
  /** A line for each account instead of each OU. */
  readonly accounts: boolean;
  /** Only this region. */
  readonly region?: string | undefined;
}

/** The channels' tables: accounts or OUs by regions. */
export function drawShares({ image, organizationReadAt, channels }: Shares, shown: Shown): string {
  const head = `${bold(image)}  ${dim(`the organization as of ${moment(organizationReadAt)}`)}`;
  return [head, ...channels.map((channel) => drawChannel(channel, shown))].join("\n\n");
}

function drawChannel(
  { channel, pointed, rows }: Shares["channels"][number],
  { accounts, region: only }: Shown,
): string {
  if (!pointed) return `${bold(channel)} points at nothing`;
  const head = `${bold(channel)} is ${buildVersion(pointed.build)} since ${moment(pointed.movedAt)}`;
  const amis = Object.entries(parametersOf(pointed)).filter(([region]) => (only ?? region) === region);
  const behind = Object.entries(pointed.behind ?? {}).map(([region, { why, build }]) =>
    warn(`  ${region} is behind, with ${build ? buildVersion(build) : "nothing"}: ${why}`),
  );
  const places = [
    ...(amis.length > MOST_COLUMNS ? [] : amis.map(([region, ami]) => `  ${dim(`${region}  ${ami}`)}`)),
    ...behind,
  ];
  if (rows.length === 0) return [head, ...places, "  no account can launch it"].join("\n");
  const lines = accounts ? linesByAccount(rows) : linesByUnit(rows);
  const regions = amis.map(([region]) => region);
  const table = toTable(toColumns(regions, lines), lines, accounts ? ["account", "id", "unit"] : ["unit", "accounts"]);
  return [head, ...places, ...table.map((line) => `  ${line}`), ...findings(rows)].join("\n");
}

/** A line of a table: an OU or account, the launch permissions that apply, and a cell for each region. */
interface Line {
  readonly labels: readonly string[];
  readonly by: string;
  readonly cell: (region: string) => string;
}

function linesByUnit(rows: readonly ShareRow[]): Line[] {
  const groups = Map.groupBy(rows, ({ units }) => units.join(" / ") || THE_ROOT);
  return [...groups]
    .map(([unit, some]): Line => {
      const count = new Set(some.map(({ account }) => account)).size;
      return {
        labels: [unit, String(count)],
        by: entriesOf(some),
        cell: (region) => sayGroup(some.filter((row) => row.region === region)),
      };
    })
    .toSorted((a, b) => byLabel(a, b));
}

function linesByAccount(rows: readonly ShareRow[]): Line[] {
  const groups = Map.groupBy(rows, ({ account }) => account);
  return [...groups]
    .map(([account, some]): Line => {
      const { name = "", units = [] } = some[0] ?? {};
      return {
        labels: [name, account, units.join(" / ") || THE_ROOT],
        by: entriesOf(some),
        cell: (region) =>
          some
            .filter((row) => row.region === region)
            .map(sayRow)
            .join(""),
      };
    })
    .toSorted((a, b) => byLabel(a, b, 2) || byLabel(a, b));
}

const byLabel = (a: Line, b: Line, nth = 0): number => (a.labels[nth] ?? "").localeCompare(b.labels[nth] ?? "");

const entriesOf = (rows: readonly ShareRow[]): string => [...new Set(rows.map(sayEntry))].join(", ");

function sayEntry({ by }: ShareRow): string {
  if (!by) return "nothing";
  return by.kind === "unit" ? `OU ${by.name || by.id}` : by.kind;
}

/** `3 shared, 1 launched`, `2 of 3 shared`. */
function sayGroup(rows: readonly ShareRow[]): string {
  const able = rows.filter(({ state }) => state === "shared" || state === "beside").length;
  const proven = proofs
    .map((proof) => short[proof])
    .map((proof) => [proof, rows.filter(({ verified }) => verified && sayProof(verified) === proof).length] as const)
    .filter(([, count]) => count > 0)
    .toReversed()
    .map(([proof, count]) => `${count} ${proof}`);
  const notTried = rows.filter(({ verified }) => verified?.notTried).length;
  if (notTried > 0) proven.push(`${notTried} ${NOT_TRIED}`);
  return [able === rows.length ? `${able} shared` : `${able} of ${rows.length} shared`, ...proven].join(", ");
}

function sayRow({ state, verified }: ShareRow): string {
  const said = { shared: "shared", "not-yet": "NOT YET", taken: "TAKEN", beside: "BESIDE" }[state];
  return verified && state === "shared" ? `${sayProof(verified)} ${moment(verified.at)}` : said;
}

const NOT_TRIED = "launch not tried";

/** Short enough for a column for each region. */
const short: Readonly<Record<Proof, string>> = {
  permitted: "launch dry run passed",
  decryptable: "dry runs passed",
  launched: "launched",
  pullable: "pull passed",
};

const sayProof = ({ proof, notTried }: NonNullable<ShareRow["verified"]>): string =>
  notTried ? NOT_TRIED : short[proof];

interface Column {
  readonly heading: string;
  readonly region: string;
}

function toColumns(regions: readonly string[], lines: readonly Line[]): Column[] {
  if (regions.length <= MOST_COLUMNS) return regions.map((region) => ({ heading: region, region }));
  const alike = Map.groupBy(regions, (region) => lines.map(({ cell }) => cell(region)).join("\n"));
  return [...alike.values()].map(([region = "", ...others]) => ({
    heading: others.length > 0 ? `${region} and ${others.length} more` : region,
    region,
  }));
}

function toTable(columns: readonly Column[], lines: readonly Line[], labels: readonly string[]): string[] {
  const headings = [...labels, "by", ...columns.map(({ heading }) => heading)];
  const cells = lines.map(({ labels: own, by, cell }) => [...own, by, ...columns.map(({ region }) => cell(region))]);
  const widths = headings.map((heading, nth) => Math.max(heading.length, ...cells.map((row) => row[nth]?.length ?? 0)));
  const toLine = (row: readonly string[]) =>
    row
      .map((text, nth) => text.padEnd(widths[nth] ?? 0))
      .join("  ")
      .trimEnd();
  return [dim(toLine(headings)), ...cells.map(toLine)];
}

/** Differences from the config, as text. */
function findings(rows: readonly ShareRow[]): string[] {
  const say = (state: ShareRow["state"], text: (accounts: string) => string) => {
    const found = [
      ...Map.groupBy(
        rows.filter((row) => row.state === state),
        ({ region }) => region,
      ),
    ];
    return found.map(([region, some]) => warn(`  ${region}: ${text(some.map(({ account }) => account).join(", "))}`));
  };
  return [
    ...say("not-yet", (who) => `not shared with ${who} yet; follow-organization shares it within the hour`),
    ...say("taken", (who) => `no longer shared with ${who}, outside Amint; reconcile shares it again within the hour`),
    ...say("beside", (who) => `${who} can launch it, but the factory did not share it with them`),
  ];
}

const clock = clockIn("UTC");
const moment = (at: string): string => clock(new Date(at)).slice("Wed ".length);
const bold = (text: string): string => styled("bold", text);
const dim = (text: string): string => styled("dim", text);
const warn = (text: string): string => styled("yellow", text);
