import { PassThrough } from "node:stream";
import { expect, onTestFinished, test, vi } from "vitest";
import { printFound, showProgress } from "../../cli/command/print.ts";
import { drawChannels, drawNext } from "../../cli/try/closing.ts";
import { Narrator } from "../../cli/try/narrator.ts";

const begin = Date.UTC(2026, 3, 1, 8);
const hour = 3_600_000;
const build = "arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.2.3/1";

/** A terminal, with what is written to it. */
function terminal() {
  const written: string[] = [];
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 40 });
  stream.on("data", (chunk) => written.push(String(chunk)));
  return { stream: stream as unknown as NodeJS.WriteStream, written };
}

function printedBy(tell: () => void): string {
  const written: string[] = [];
  const write = vi.spyOn(process.stdout, "write").mockImplementation((chunk) => written.push(String(chunk)) > 0);
  onTestFinished(() => write.mockRestore());
  tell();
  write.mockRestore();
  return written.join("");
}

const narratorOf = (verbose: boolean) =>
  new Narrator({
    factory: { name: "acme", images: { base: { channels: [{ name: "stable" }] } } },
    ...{ begin, days: 30, verbose },
  });

const event = (at: number, detailType: string, detail: object = {}) => ({
  time: new Date(at).toISOString(),
  detailType,
  detail: { image: "base", build, ...detail },
});

const acts = [
  { at: begin, title: "First builds", watch: "Builds are requested." },
  { at: begin + 2 * hour, title: "Nothing happens", watch: "No line follows." },
  { at: begin + 3 * hour, title: "A build fails", watch: "No channel moves." },
];

const narrated = (verbose: boolean) =>
  printedBy(() => {
    const narrator = narratorOf(verbose);
    narrator.begin(acts, 397);
    narrator.booted();
    narrator.event(event(begin, "build.available", { amiId: "ami-0123456789abcdef0" }));
    narrator.event(event(begin + hour, "channel.moved", { channel: "stable" }));
    narrator.event(event(begin + 3 * hour, "build.failed", { failure: { reason: "no disk" } }));
    narrator.event(event(begin + 4 * hour, "build.cancelled"));
    narrator.end();
    narrator.close();
  });

test("each act that has lines is introduced once, before its first line", () => {
  const lines = narrated(false).trimEnd().split("\n");

  expect(lines.slice(lines.indexOf("") + 1)).toEqual([
    "── First builds ──",
    "Builds are requested.",
    "Wed 01 Apr 09:00  base /1  → stable",
    "",
    "── A build fails ──",
    "No channel moves.",
    "Wed 01 Apr 11:00  base /1  failed: no disk",
    "Wed 01 Apr 12:00  base /1  cancelled",
  ]);
  expect(lines).toContain("Deploying 397 resources into the embedded AWS ...");
  expect(lines).toContainEqual(expect.stringMatching(/^Deployed in \d+\.\d s\.$/));
});

test("with --verbose each event has a line, and no act is introduced", () => {
  const text = narrated(true);

  expect(text).toContain("build.available      1.2.3/1  ami-0123456789abcdef0");
  expect(text).not.toContain("First builds");
});

test("progress is one line of a terminal, which what is printed removes", () => {
  const { stream, written } = terminal();
  onTestFinished(() => showProgress(undefined, stream));

  showProgress("day 1", stream);
  showProgress(`day ${"2".repeat(60)}`, stream);

  expect(written).toEqual(["\u001b[1G", "\u001b[2K", "day 1", "\u001b[1G", "\u001b[2K", `day ${"2".repeat(34)}…`]);
  showProgress(undefined, stream);
  showProgress(undefined, stream);
  expect(written.slice(6)).toEqual(["\u001b[1G", "\u001b[2K"]);
});

test("where standard error is not a terminal, no progress is shown", () => {
  const { stream, written } = terminal();

  showProgress("day 1", Object.assign(stream, { isTTY: false }));

  expect(written).toEqual([]);
});

test("the channels at the end have the age of their build; nothing published is said", () => {
  const amis = { "eu-west-1": "ami-1", "us-east-1": "ami-2" };
  const channel = { image: "base", channel: "stable", build: "1.2.3/1", amis, launchableBy: ["1", "2"] };
  const found = [{ ...channel, reach: {}, parameters: {} }];

  const lines = drawChannels(found, [event(begin, "build.available")], begin + 50 * hour);

  expect(lines.at(-1)).toBe("base   stable   1.2.3/1  2d2h  eu-west-1, us-east-1  2");
  expect(drawChannels([], [], begin).at(-1)).toBe("No channel points at a build.");
});

test("a next step's command stays on one line, its purpose beside it or below it", () => {
  const text = printedBy(() => printFound([{ run: "npm start", what: "again" }], drawNext));
  const long = `npx amint try --config ${"a".repeat(60)}`;

  expect(text).toBe("\nNext:\n  npm start  again\n");
  expect(drawNext([{ run: long, what: "that one" }])).toEqual(["", "Next:", `  ${long}`, "      that one"]);
});
