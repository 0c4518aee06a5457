import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { checkReferences } from "../../core/factory/check-references.ts";
import { notifySchema, type Tone } from "../../core/factory/notify-schema.ts";
import { describeChannelMoved, type Notice, routeNotice } from "../../core/notice/notice.ts";
import { approvalNotices, describeNotice, noticeTable } from "../../core/notice/notice-table.ts";
import { toSnsMessage, toSubject } from "../../core/notice/sns-message.ts";
import { describeConsumersFailed, describeShareFailed } from "../../core/share/notice.ts";
import { parseAmiId, parseBuildArn } from "../../events/ids.ts";
import factory from "../../factory.config.ts";
import { customNotification } from "./custom-notification.ts";

const build = parseBuildArn("arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.1/1");

const previousBuild = parseBuildArn("arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.0/3");

const regions = { "eu-west-1": { amiId: parseAmiId("ami-0123456789abcdef0"), parameter: "/amint/base/stable" } };

const moved = describeChannelMoved({ image: "base", channel: "stable", build, previousBuild, regions }, []);

const read = (notice: Notice, id = "event-1") => {
  const { subject, message, attributes } = toSnsMessage(notice, id);
  const { default: text, email, https, ...others } = JSON.parse(message) as Record<string, string>;
  return { subject, message, attributes, text, email, others, amazonQ: customNotification.parse(JSON.parse(https!)) };
};

test("each protocol gets the shape it can show", () => {
  const { subject, attributes, text, email, others, amazonQ } = read(moved, "event-7");

  expect(subject).toBe("base: channel stable moved to build 1.0.1/1");
  expect(attributes).toEqual({ event: "channel.moved", image: "base", channel: "stable", tone: "good" });
  expect(text).toBe(
    "base: channel stable moved to build 1.0.1/1\n\nPrevious build: 1.0.0/3\neu-west-1: ami-0123456789abcdef0 in /amint/base/stable",
  );
  expect(email).toBe(`${text}\n\n-- \nevent: channel.moved, image: base, channel: stable, tone: good`);
  expect(others).toEqual({});
  expect(amazonQ).toEqual({
    version: "1.0",
    source: "custom",
    id: "event-7",
    content: {
      textType: "client-markdown",
      title: ":white_check_mark: base: channel stable moved to build 1.0.1/1",
      description: "```\nPrevious build: 1.0.0/3\neu-west-1: ami-0123456789abcdef0 in /amint/base/stable\n```",
      nextSteps: ['`amint rollback base stable --reason "..."`'],
      keywords: ["channel.moved", "base", "stable", "good"],
    },
    metadata: {
      threadId: build,
      summary: "base: channel stable moved to build 1.0.1/1",
      eventType: "channel.moved",
      relatedResources: [build],
      additionalContext: { event: "channel.moved", image: "base", channel: "stable", tone: "good" },
    },
  });
});

test("free text mentions no one in a chat, and ends no block", () => {
  const { amazonQ } = read({ ...moved, lines: ["Reason: <!channel> ``` & <@U1>"] });

  expect(amazonQ.content.description).toBe("```\nReason: &lt;!channel&gt; ''' &amp; &lt;@U1&gt;\n```");
});

test.each([
  ["base: channel stable moved to build 1.0.1/1", "base: channel stable moved to build 1.0.1/1"],
  ["openssl 3.0.8 → 3.0.9 …", "openssl 3.0.8 -> 3.0.9 ..."],
  ["Zoë revoked it: “leaks\nkeys”", 'Zoe revoked it: "leaks keys"'],
  [" 🔑 lost\r\n", "? lost"],
  ["x".repeat(101), `${"x".repeat(97)}...`],
  ["x".repeat(100), "x".repeat(100)],
  ["", "A notice without a title"],
])("the subject of %j is one that SNS takes", (title, subject) => {
  expect(toSubject(title)).toBe(subject);
});

test("a notice of many lines says how many are missing", () => {
  const lines = Array.from({ length: 20_000 }, (_, n) => `account ${n}`);

  const { text, email, amazonQ, message } = read({ ...moved, lines });

  const [, missing] = /\n\.\.\. and (\d+) more lines$/.exec(text!) ?? [];
  const shown = text!.split("\n").length - 3;
  expect(shown).toBeGreaterThan(2_000);
  expect(Number(missing) + shown).toBe(20_000);
  expect(email).toContain(`and ${missing} more lines`);
  expect(amazonQ.content.description).toMatch(/…\n```$/);
  expect(Buffer.byteLength(message)).toBeLessThan(262_144);
});

const tones: readonly Tone[] = ["good", "bad", "news", "question"];

const anyText = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 300 }),
  fc.constantFrom(
    "\u0000".repeat(9_000),
    '"'.repeat(90_000),
    "\\".repeat(90_000),
    "\n".repeat(90_000),
    "字".repeat(40_000),
  ),
);

const notices = fc.record({
  title: anyText,
  lines: fc.array(anyText, { maxLength: 4 }),
  tone: fc.constantFrom(...tones),
  attributes: fc.record({ event: fc.constant("channel.moved"), image: fc.constantFrom("base", "*") }),
});

test("whatever is in a notice, SNS takes it and Amazon Q understands it", () => {
  return fc.assert(
    fc.property(notices, (notice) => {
      const { subject, message, attributes, amazonQ } = read(notice);
      // Publish API reference: Message, MessageAttributes and Subject.
      const beside = Object.entries(attributes).reduce((sum, [name, value]) => sum + name.length + value.length + 6, 0);
      expect(Buffer.byteLength(message) + beside).toBeLessThanOrEqual(262_144);
      expect(subject).toMatch(/^[\x21-\x7e][\x20-\x7e]{0,99}$/);
      expect(amazonQ.source).toBe("custom");
    }),
    { numRuns: 200 },
  );
});

const failed = {
  image: "base",
  build: parseBuildArn("arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.1/1"),
  channel: "stable",
  region: "us-east-1",
  amiId: parseAmiId("ami-0123456789abcdef0"),
  account: "222233334444",
  proof: "decryptable" as const,
  missing: "kms:Decrypt denied by the key policy of arn:aws:kms:us-east-1:111122223333:key/1",
};

test("the notice names the account that cannot launch, what is missing, and what to do", () => {
  const notice = describeShareFailed({ ...failed, fix: "deploy the factory" }, []);

  expect(notice).toMatchObject({
    title: "base: account 222233334444 cannot launch build 1.0.1/1 in us-east-1",
    tone: "bad",
    attributes: { event: "share.failed", image: "base", channel: "stable" },
    nextSteps: ["amint shares base --account 222233334444", 'amint why "base 1.0.1/1"'],
  });
  expect(notice.lines).toEqual([
    "Missing: kms:Decrypt denied by the key policy of arn:aws:kms:us-east-1:111122223333:key/1",
    "Fix: deploy the factory",
    "Failed check: KMS dry runs (ami-0123456789abcdef0)",
    "Build: arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.1/1",
    "Channel stable does not point at it in us-east-1.",
  ]);
});

test("a wave's parameter that could not be written is named with its wave, and what reads it meanwhile", () => {
  const { image, channel, account } = failed;
  const accounts = [{ account, why: "AccessDenied: sts:AssumeRole" }];

  const copy = describeConsumersFailed({ work: "mirror", image, channel, count: 1, accounts });
  const ring = describeConsumersFailed({ work: "mirror", image, channel, wave: "canary", count: 1, accounts });

  expect(copy.title).toBe("base: copy of channel stable's parameter out of date in 1 account");
  expect(ring.title).toBe("base: parameter of channel stable's wave canary out of date in 1 account");
  expect(ring.lines).toContain("Templates that read the parameter get the previous build, or none.");
});

const sampleOf = (detailType: string) =>
  JSON.parse(readFileSync(`events/samples/${detailType}.json`, "utf8")) as { event: unknown };

test.each(noticeTable.map(({ event }) => [event.detailType, event] as const))(
  "%s is described by its own function, as its sample shows",
  (detailType, { schema }) => {
    const { detail } = schema.parse(sampleOf(detailType).event);

    const { title, lines, attributes } = describeNotice({ detailType, detail }, []);

    expect(title).not.toBe("");
    expect(lines).not.toEqual([]);
    expect(attributes.event).toBe(detailType);
  },
);

test("no event has two notices", () => {
  const names = [...noticeTable.map(({ event }) => event), ...approvalNotices].map(({ detailType }) => detailType);

  expect(new Set(names).size).toBe(names.length);
});

const slack = (routes: object[]) => notifySchema.parse({ slack: { channel: "#images", routes } }).slack!;
const notice = (tone: Tone, image?: string) => ({ title: "x", lines: [], tone, attributes: image ? { image } : {} });

test("a notice goes to the first route that fits its image and its tone, else to the channel", () => {
  const settings = slack([
    { images: ["web"], tones: ["bad"], channel: "#web-alerts" },
    { tones: ["bad", "question"], channel: "#on-call" },
    { images: ["web"], channel: "#web" },
  ]);

  const went = [
    notice("bad", "web"),
    notice("bad", "base"),
    notice("bad"),
    notice("good", "web"),
    notice("news", "base"),
  ];

  expect(went.map((one) => routeNotice(settings, one))).toEqual([
    "#web-alerts",
    "#on-call",
    "#on-call",
    "#web",
    "#images",
  ]);
});

test("a route that fits everything, or nothing, is refused with what would be valid", () => {
  const everything = notifySchema.safeParse({ slack: { channel: "#images", routes: [{ channel: "#all" }] } });
  const loud = notifySchema.safeParse({ slack: { channel: "#images", routes: [{ tones: ["loud"], channel: "#x" }] } });
  const lost = checkReferences({
    ...factory,
    notify: { email: [], slack: slack([{ images: ["wbe"], channel: "#web" }]) },
  });

  expect(everything.error?.issues[0]?.message).toContain(
    "images, tones or both; a route for every notice is notify.slack.channel",
  );
  expect(loud.error?.issues[0]).toMatchObject({ path: ["slack", "routes", 0, "tones", 0], values: expect.any(Array) });
  expect(lost).toEqual([
    `notify.slack.routes[0].images[0]: expected one of ${Object.keys(factory.images)
      .map((one) => `"${one}"`)
      .join(", ")}, found "wbe"`,
  ]);
});
