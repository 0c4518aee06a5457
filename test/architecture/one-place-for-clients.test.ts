import { expect, test } from "vitest";
import { sourceFiles } from "./source-files.ts";

/** An SDK client's class, constructed or handed out under another name. */
const MAKING = /\bnew\s+(?:[A-Z]\w*Client|[A-Z]\w*\.[A-Z]\w*Client|Client)\s*\(/;
const PLACE = "functions/step.ts";

const makingClients = (folder: string) =>
  sourceFiles()
    .filter(({ path }) => path.startsWith(folder))
    .flatMap(({ path, lines }) => lines.flatMap((line, n) => (MAKING.test(line) ? [{ path, line: n + 1 }] : [])));

test("functions create AWS clients in one place, where they are rate-limited", () => {
  const elsewhere = makingClients("functions/").filter(({ path }) => path !== PLACE);

  expect(elsewhere.map(({ path, line }) => `${path}:${line}: use step.client (${PLACE})`)).toEqual([]);
  expect(makingClients(PLACE)).toHaveLength(1);
});

test("adapters receive their AWS clients as arguments", () => {
  // Slack's is a WebClient, of no account.
  const made = makingClients("adapters/").filter(({ path }) => path !== "adapters/notice/slack.ts");

  expect(made).toEqual([]);
});

test.each([
  ["new EC2Client({})", true],
  ["  ec2: perRegion((region) => new EC2Client({ region })),", true],
  ["makeClient(EC2Client, { region })", false],
  ["new Map<string, Client>()", false],
])("the rule itself reads %s", (line, found) => {
  expect(MAKING.test(line)).toBe(found);
});
