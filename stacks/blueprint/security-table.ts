import { readFileSync, writeFileSync } from "node:fs";
import type { Blueprint, BlueprintResource } from "../../core/factory/blueprint.ts";
import { nameOf } from "../bundle/handlers.ts";
import ledgerWrites from "../resources/ledger-writes.json" with { type: "json" };
import { worstCases } from "./worst-cases.ts";

const file = new URL("../../SECURITY.md", import.meta.url);
const BEGIN = "<!-- written by `npm run blueprint`: what each function's role may change -->\n";
const END = "<!-- end -->";

interface Statement {
  readonly Action: string | readonly string[];
}

/** Reads, logs, traces and the ledger are excluded: the table shows changes elsewhere. */
const READS = /:(Get|BatchGet|Describe|List|Query|Scan|BatchCheck|Simulate)|^(xray|logs|dynamodb):/;

const list = (one: string | readonly string[]): readonly string[] => (typeof one === "string" ? [one] : one);

/** The write actions that a role allows, by service: `ec2: CreateTags, ModifyImageAttribute`. */
function changesOf({ inputs }: BlueprintResource): string {
  const { inlinePolicies = [] } = inputs as { inlinePolicies?: { policy: { Statement: readonly Statement[] } }[] };
  const actions = inlinePolicies.flatMap(({ policy }) => policy.Statement.flatMap(({ Action }) => list(Action)));
  const changes = [...new Set(actions)].filter((action) => !READS.test(action)).sort();
  const services = Map.groupBy(changes, (action) => action.split(":")[0] ?? "");
  return [...services]
    .map(([service, some]) => `${service}: ${some.map((action) => action.split(":")[1]).join(", ")}`)
    .join("; ");
}

/** @throws if a function has no worst case, or a worst case has no function */
function rowsOf({ resources }: Blueprint): string[] {
  const roles = new Map(
    resources.filter(({ type }) => type.endsWith(":Role")).map((role) => [String(role.inputs.name), role]),
  );
  const functions = resources.filter(({ type, handler }) => type.endsWith(":Function") && handler);
  const names = new Set<string>();
  const rows = functions.map(({ handler = "", inputs }) => {
    const name = nameOf(handler.replace(".handler", ""));
    names.add(name);
    const role = roles.get(String(inputs.role).split("/").at(-1) ?? "");
    const worst = worstCases[name];
    if (!role || !worst) throw new Error(`stacks/blueprint/worst-cases.ts has no line for ${name}.`);
    const writes = (ledgerWrites as Readonly<Record<string, readonly string[]>>)[name] ?? [];
    return `| ${name} | ${writes.map((one) => `\`${one}\``).join(", ")} | ${changesOf(role)} | ${worst} |`;
  });
  const stale = Object.keys(worstCases).filter((name) => !names.has(name) && !(name in ledgerWrites));
  if (stale.length > 0)
    throw new Error(`stacks/blueprint/worst-cases.ts names ${stale.join(", ")}, which is not a function.`);
  return rows.sort();
}

function withTable(page: string, blueprint: Blueprint): string {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`SECURITY.md has no place for the table: ${BEGIN}`);
  const head = ["| function | writes in the ledger | changes in AWS | worst case |", "| --- | --- | --- | --- |"];
  return `${before}${BEGIN}${[...head, ...rowsOf(blueprint)].join("\n")}\n${END}${after}`;
}

export const writeSecurityTable = (blueprint: Blueprint): void =>
  writeFileSync(file, withTable(readFileSync(file, "utf8"), blueprint));

/** @throws if the table in SECURITY.md does not match the blueprint */
export function checkSecurityTable(blueprint: Blueprint): void {
  const page = readFileSync(file, "utf8");
  if (page === withTable(page, blueprint)) return;
  throw new Error('The table in SECURITY.md does not match the blueprint; run "npm run blueprint".');
}
